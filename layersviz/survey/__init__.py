"""A whole capture in order: TCP streams, reassembly, conversations, Wireshark's fields.

`survey.Survey` knows every packet in full, `index.Index` only the conversations, and quickly. Neither knows files'
formats, rooms or pages: packets come in one by one, in the order of the capture.
"""

"""Every message between server and browser, defined once. static/js/core/messages.js is generated from here.

Read `values`, what messages carry; `from_server`, facts in the past tense; `from_browser`, wishes in the imperative.
"""

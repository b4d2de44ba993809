"""How the readers stop: one sentence about what is wrong with the file."""


class DamagedCaptureError(ValueError):
    """The file can be read no further. `Capture` keeps the sentence as its `problem`; it never reaches a caller."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

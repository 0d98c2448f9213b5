"""Why a file or a cell cannot be read, in words for whoever made the sheet."""

from __future__ import annotations

from generator.text.messages import Message, say


class UnreadableSheetError(Exception):
    """A file that cannot be read as a sheet, or whose headings do not tell; ``words`` says why."""

    def __init__(self, id_: str, /, **values: object) -> None:
        """Keep the message."""
        self.words: Message = say(id_, **values)
        super().__init__(str(self.words))


class UnreadableCellError(Exception):
    """A cell that does not surely hold what is due; ``words`` says why."""

    def __init__(self, id_: str, /, **values: object) -> None:
        """Keep the message."""
        self.words: Message = say(id_, **values)
        super().__init__(str(self.words))

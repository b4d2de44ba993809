"""Files on their way in: each goes straight into a folder of ours, and is gone when its request has been answered."""

import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

LEFT_OVER_AFTER_S = 24 * 3600


class IntoFolder(FileUploadHandler):
    """Django's way of taking files. Of one that is larger than `most_octets` nothing is kept."""

    def __init__(self, folder: Path, most_octets: int) -> None:
        super().__init__()
        self.is_too_large = False
        self._folder = folder
        self._most_octets = most_octets
        self._file: Any = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._file = tempfile.NamedTemporaryFile(dir=self._folder)  # noqa: SIM115 - the request closes it

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.is_too_large = start + len(raw_data) > self._most_octets
        if self.is_too_large:
            self.upload_interrupted()
            raise StopUpload(connection_reset=False)
        self._file.write(raw_data)

    @property
    def path(self) -> Path:
        """Where the file lies that has arrived last."""
        return Path(self._file.name)

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        self._file.flush()
        self._file.seek(0)
        return UploadedFile(self._file, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        if self._file is not None:
            self._file.close()


def make_folder(folder: Path) -> None:
    """Make it where it is missing, and sweep out what a server left that was killed while it read a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > LEFT_OVER_AFTER_S:
                _remove(old)


def _remove(path: Path) -> None:
    if not path.is_dir():
        path.unlink()
        return
    for each in path.iterdir():
        each.unlink()
    path.rmdir()

"""What is only compared: values in a few letters, and files, hashed while they come in and never kept anywhere."""

import hashlib
import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


def fingerprint_of(*values: object) -> str:
    """Of plain values and frozen dataclasses of them: what a page has shown, as a form sends it back."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


class Fingerprint(UploadedFile):  # type: ignore[type-arg]  # generic in the stubs only
    """What is left of a file: its size, its SHA-256 as far as it was read, and the few bytes that tell its kind."""

    def __init__(self, *args: Any, sha256: str, sha256_of_begin: str, begin: bytes, **kwargs: Any) -> None:
        super().__init__(io.BytesIO(), *args, **kwargs)
        self.sha256 = sha256
        self.sha256_of_begin = sha256_of_begin
        self.begin = begin


KIND_BYTES = 1024


class HashOnly(FileUploadHandler):
    """The only handler of a request: hashes each file as a whole, and its first `begin` bytes once more.

    Beyond `most` bytes nothing is hashed any more; the size tells the form.
    """

    def __init__(self, *, most: int, begin: int) -> None:
        super().__init__()
        self.most = most
        self.begin = begin

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.whole = hashlib.sha256()
        self.beginning = hashlib.sha256()
        self.kind = b""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.kind += raw_data[: max(0, KIND_BYTES - start)]
        if start < self.most:
            self.whole.update(raw_data)
        if start < self.begin:
            self.beginning.update(raw_data[: self.begin - start])

    def file_complete(self, file_size: int) -> Fingerprint:
        return Fingerprint(
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            sha256=self.whole.hexdigest(),
            sha256_of_begin=self.beginning.hexdigest(),
            begin=self.kind,
        )

"""Copy one file down to the disk: a script for a process of its own, which imports nothing but the standard library.

Not here: why it takes a process (``database_copy.py``).
"""

import os
import shutil
import sys
from pathlib import Path


def copy(source: Path, target: Path) -> None:
    """Copy ``source`` to the new file ``target``, in the kernel where it can; ``OSError`` where it fails."""
    with source.open("rb") as old, target.open("xb") as new:
        if not _copied_in_kernel(old.fileno(), new.fileno()):
            shutil.copyfile(source, target)
        os.fsync(new.fileno())


def _copied_in_kernel(old: int, new: int) -> bool:
    """Whether all bytes went by ``copy_file_range``, which shares blocks where the file system can; Linux only."""
    try:
        while os.copy_file_range(old, new, 2**30):
            pass
    except (AttributeError, OSError):  # no Linux, two file systems, or a full disk, which the other way will meet too
        return False
    return os.fstat(old).st_size == os.fstat(new).st_size


if __name__ == "__main__":
    try:
        copy(Path(sys.argv[1]), Path(sys.argv[2]))
    except OSError as error:
        sys.exit(error.strerror)

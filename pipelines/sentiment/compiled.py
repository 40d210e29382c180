"""How the kernels are compiled. Here: two decorators. Not here: any kernel."""

from collections.abc import Callable
from typing import Any

from numba import njit


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` as machine code that runs without the GIL and is kept on disk between processes.

    Numba keeps the code in ``NUMBA_CACHE_DIR`` if that is set, else beside the module, else in the user's
    cache folder. Where none of them can be written the code is compiled anew in each process (seconds), which
    is better than not starting. The cache watches one source file, so a kernel calls only parts of its own
    file, and takes everything that the installed packages decide as an argument.
    """
    try:
        return njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:  # numba: "no locator available"
        return njit(nogil=True, error_model="numpy")(function)


def part(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` as a part of a kernel: it borrows the kernel's arrays, and makes and returns none.

    Counting the references to every array on every call would cost many times the work itself.
    """
    return njit(nogil=True, error_model="numpy", _nrt=False)(function)

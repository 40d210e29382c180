"""The job, loaded where this is imported: in the server from which processes are forked, once for all of them."""

import tests.disturbances  # noqa: F401  what they are to run
from tests.conftest import job_named

job_named("daily")

"""The stub cloud for the tests whose upstreams it is."""
import pytest

from stubs.cloud import Cloud


@pytest.fixture(scope="module")
def running_cloud(program):
    cloud = Cloud(program)
    yield cloud
    assert cloud.stop() == 0


@pytest.fixture
def cloud(running_cloud):
    """Every service, as if nothing had been asked of it yet."""
    running_cloud.reset()
    return running_cloud

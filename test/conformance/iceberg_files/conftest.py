import pytest
import written


@pytest.fixture(scope="session")
def lake(tmp_path_factory):
    return written.Written(tmp_path_factory.mktemp("proof"))


def pytest_configure(config):
    config.addinivalue_line("markers", "spark: needs Spark; part of ./dev test peers")

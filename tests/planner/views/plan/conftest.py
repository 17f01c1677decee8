"""Rosa at the desk."""

import pytest


@pytest.fixture
def desk(monday, client_for, rosa, ana):
    """Rosa's browser before Ana's plan."""
    return client_for(rosa)

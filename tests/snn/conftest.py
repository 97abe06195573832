import pytest
import torch


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Small networks gain nothing from more, and tests run side by side."""
    torch.set_num_threads(1)

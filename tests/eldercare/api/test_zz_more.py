import pytest
from test_equality import compare


@pytest.mark.parametrize("seed", [16, 18, 19])
def test_more(ask, seed):
    print(compare(ask, seed, 150))

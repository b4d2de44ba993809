from layersviz.web.allowance import Allowance


def test_a_burst_is_allowed_and_no_more() -> None:
    allowance = Allowance(burst=3, seconds=1)
    assert [allowance.spend(10.0) for _ in range(4)] == [True, True, True, False]


def test_it_fills_again_with_time_but_not_above_the_burst() -> None:
    allowance = Allowance(burst=2, seconds=1)
    assert [allowance.spend(0.0) for _ in range(3)] == [True, True, False]
    assert allowance.spend(0.5)
    assert not allowance.spend(0.5)
    assert [allowance.spend(100.0) for _ in range(3)] == [True, True, False]


def test_twenty_messages_a_second_can_go_on_for_ever() -> None:
    allowance = Allowance(burst=100, seconds=5)
    assert all(allowance.spend(number / 20) for number in range(2000))

from layersviz.core.timers import Clocks, doubled_wait_s, syn_waits_s, textbook_waits_s


def test_a_kernel_with_linear_syn_timeouts_sends_some_a_second_apart_first() -> None:
    """Linux 6.5 and later, as measured: 1, 1, 1, 1, then doubling."""
    assert syn_waits_s(Clocks(syn_linear=4, syn_retries=6, syn_ack_retries=5), 7) == (1, 1, 1, 1, 1, 2, 4)


def test_without_them_it_is_the_textbook() -> None:
    clocks = Clocks(syn_linear=0, syn_retries=6, syn_ack_retries=5, textbook=True)
    assert syn_waits_s(clocks, 4) == textbook_waits_s(4) == (1, 2, 4, 8)


def test_no_wait_is_longer_than_two_minutes() -> None:
    assert max(textbook_waits_s(20)) == 120


def test_the_textbook_alone_doubles_without_an_end() -> None:
    assert [doubled_wait_s(tries) for tries in (0, 1, 7)] == [1, 2, 128]

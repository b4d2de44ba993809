"""Why the kernel forbids the lab: one sentence and one remedy for each reason."""

import errno

import pytest

from layersviz.lab.refusal import ForbiddenError, Need, explain, needing

WILLING = {"user.max_user_namespaces": 15000, "user.max_net_namespaces": 15000}
UBUNTU = WILLING | {"kernel.apparmor_restrict_unprivileged_userns": 1, "kernel.unprivileged_userns_clone": 1}


def test_another_system_than_linux_is_told_what_would_do() -> None:
    refusal = explain(Need.LINUX, 0, {})
    assert refusal.sentence.startswith("The lab needs Linux")
    assert "virtual machine" in refusal.remedy


def test_debians_switch_for_user_namespaces_is_named() -> None:
    refusal = explain(Need.USER_NAMESPACE, errno.EPERM, WILLING | {"kernel.unprivileged_userns_clone": 0})
    assert "kernel.unprivileged_userns_clone is 0" in refusal.sentence
    assert refusal.remedy == "sudo sysctl kernel.unprivileged_userns_clone=1"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EPERM, errno.EUSERS])
@pytest.mark.parametrize("limit", ["user.max_user_namespaces", "user.max_net_namespaces"])
def test_a_limit_of_no_namespace_at_all_is_named(limit: str, number: int) -> None:
    refusal = explain(Need.USER_NAMESPACE, number, WILLING | {limit: 0})
    assert f"{limit} is 0" in refusal.sentence
    assert refusal.remedy == f"sudo sysctl {limit}=15000"


def test_a_limit_that_is_reached_is_another_story_than_one_of_zero() -> None:
    refusal = explain(Need.NAMESPACE, errno.ENOSPC, WILLING)
    assert refusal.sentence == "The kernel's limit for namespaces is reached."


@pytest.mark.parametrize("need", [Need.USER_NAMESPACE, Need.IDENTITY, Need.NAMESPACE, Need.VETH])
def test_apparmors_restriction_is_named_wherever_it_bites(need: Need) -> None:
    for number in (errno.EPERM, errno.EACCES):
        refusal = explain(need, number, UBUNTU)
        assert "AppArmor" in refusal.sentence
        assert refusal.remedy.startswith("sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0")


def test_a_container_that_forbids_it_is_named_where_no_setting_does() -> None:
    refusal = explain(Need.USER_NAMESPACE, errno.EPERM, WILLING)
    assert "container" in refusal.sentence
    assert "seccomp=deploy/worker-seccomp.json" in refusal.remedy


@pytest.mark.parametrize(
    ("need", "number", "module"),
    [
        (Need.VETH, errno.EOPNOTSUPP, "veth"),
        (Need.PACKET_SOCKET, errno.EAFNOSUPPORT, "af_packet"),
        (Need.SOCKET_STATES, errno.ENOENT, "tcp_diag"),
    ],
)
def test_a_kernel_module_that_is_missing_is_named(need: Need, number: int, module: str) -> None:
    refusal = explain(need, number, UBUNTU)
    assert refusal.remedy == f"sudo modprobe {module}"


def test_a_kernel_built_without_namespaces_is_told_so() -> None:
    refusal = explain(Need.USER_NAMESPACE, errno.EINVAL, {})
    assert "a user namespace" in refusal.sentence
    assert "built with user namespaces" in refusal.remedy


def test_every_refusal_is_one_sentence_with_a_remedy() -> None:
    for need in Need:
        for number in (errno.EPERM, errno.ENOSPC, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
            refusal = explain(need, number, {})
            assert refusal.sentence.endswith(".")
            assert refusal.remedy


def test_what_the_kernel_refuses_is_raised_with_what_it_was_needed_for() -> None:
    with pytest.raises(ForbiddenError) as caught, needing(Need.VETH):
        raise OSError(errno.EPERM, "no")
    assert (caught.value.need, caught.value.number) == (Need.VETH, errno.EPERM)

"""What is taken from programs before they start, as far as the sandbox's kernel lets us: privileges, the network, and every way to the process that watches them."""

import ctypes
import os
import resource
import socket
import struct
import sys

_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_CAPBSET_DROP = 24
_PR_SET_SECUREBITS = 28
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
# SECBIT_NOROOT and SECBIT_NO_SETUID_FIXUP, each with its lock.
_POWERLESS_ROOT = 0b1111
_LAST_CAPABILITY = 63
_CAPABILITY_VERSION_3 = 0x20080522
_CLONE_NEWNS = 0x20000
_MS_RDONLY, _MS_REMOUNT, _MS_BIND, _MS_REC, _MS_PRIVATE = 1, 32, 4096, 16384, 1 << 18
# What programs read and may not change, whatever rights the image gives: some give all to everybody below /usr/local, where our own interpreter may lie.
_KEPT_FOLDERS = ("/usr", "/opt", "/etc", "/home")

_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_KILL_PROCESS = 0x80000000
_EPERM, _EACCES, _ENOSYS = 1, 13, 38
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
# Offsets in the kernel's struct seccomp_data.
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16

# By machine: what the kernel calls it, and its numbers of system calls (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
_MACHINES = {
    "x86_64": (0xC000003E, {"socket": 41, "kill": 62, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297, "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311}),
    "aarch64": (0xC00000B7, {"socket": 198, "kill": 129, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240, "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271}),
}
_SHARED_NUMBERS = {"pidfd_send_signal": 424, "io_uring_setup": 425, "pidfd_getfd": 438}
_X32_BIT = 0x40000000

# Sockets that lead nowhere outside: between processes, and to ask the kernel about interfaces.
_LOCAL_FAMILIES = (1, 16)


def protect_supervisor():
    """Hides the memory and the descriptors of this process from others of its user, and makes it the parent of whatever a program leaves behind."""
    _prctl(_PR_SET_DUMPABLE, 0)
    adopt_orphans()


def adopt_orphans():
    """From now on what is left behind below this process becomes its child, also when it is another program by then."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def take_private_folders(folder, user):
    """
    Gives the programs shared memory and a second folder for temporary files of their own, where the kernel lets us: sandboxes may share theirs. What belongs to the system can only be read
    from then on.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() != 0 or libc.unshare(_CLONE_NEWNS) != 0:
        return
    if libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None) != 0:
        return
    for target in ("/dev/shm", "/var/tmp"):
        if os.path.isdir(target):
            source = os.path.join(folder, target.replace("/", "-"))
            user.give(source)
            libc.mount(source.encode(), target.encode(), None, _MS_BIND, None)
    for target in _KEPT_FOLDERS:
        path = target.encode()
        if os.path.isdir(target) and libc.mount(path, path, None, _MS_BIND | _MS_REC, None) == 0:
            libc.mount(None, path, None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY, None)


def confine(user, supervisor_pid, takes_network):
    """In a process that is to be the program's: what it starts has no more than it. Fails when the network should go and does not."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    user.become()
    if os.geteuid() == 0:
        _drop_capabilities()
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    filtered = _install_filter(user, supervisor_pid, takes_network)
    if takes_network and not (filtered and _is_without_network()):
        raise PermissionError("the network cannot be taken from programs here")


def measure(pid):
    """What the kernel says of a program's process, in the words of the contract's hardening measures."""
    with open("/proc/%d/status" % pid, encoding="ascii", errors="replace") as status:
        fields = dict(line.rstrip("\n").partition(":\t")[::2] for line in status)
    sets = [int(fields.get(name, "1"), 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")]
    found = {
        "user": fields.get("Uid", "").split()[:1] != [str(os.getuid())],
        "capabilities": not any(sets),
        "no-new-privileges": fields.get("NoNewPrivs") == "1",
    }
    return [name for name, holds in found.items() if holds]


def _drop_capabilities():
    """Where the programs have to share root's user, it is a user like others: the supervisor stays closed to them."""
    for capability in range(_LAST_CAPABILITY + 1):
        _prctl(_PR_CAPBSET_DROP, capability)
    _prctl(_PR_SET_SECUREBITS, _POWERLESS_ROOT)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    ctypes.CDLL(None, use_errno=True).capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))


def _prctl(option, value):
    return ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _is_without_network():
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    except OSError:
        return True
    return False


def _install_filter(user, supervisor_pid, takes_network):
    """Says whether the kernel took it."""
    machine = _MACHINES.get(os.uname().machine)
    if machine is None or sys.byteorder != "little":
        return False
    program = b"".join(_filter(machine, user, supervisor_pid, takes_network))
    buffer = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    description = Program(len(program) // 8, ctypes.addressof(buffer))
    return ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(description), 0, 0) == 0


def _filter(machine, user, supervisor_pid, takes_network):
    architecture, own_numbers = machine
    numbers = {**own_numbers, **_SHARED_NUMBERS}
    yield from [_step(_LOAD, _ARCHITECTURE), _step(_IF_EQUAL, architecture, 1, 0), _step(_RETURN, _KILL_PROCESS)]
    yield from [_step(_LOAD, _NUMBER), _step(_IF_AT_LEAST, _X32_BIT, 0, 1), _step(_RETURN, _ERRNO | _ENOSYS)]
    # A ring of the kernel's could open sockets past this filter.
    for name in ("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_send_signal", "pidfd_getfd", "io_uring_setup"):
        yield from _on_call(numbers[name], [_step(_RETURN, _ERRNO | (_ENOSYS if name == "io_uring_setup" else _EPERM))])
    if takes_network:
        yield from _on_call(numbers["socket"], _unless_argument(_LOCAL_FAMILIES, _ALLOW, _ERRNO | _EACCES))
    # Where programs are of the supervisor's user, nothing else would keep their signals from it.
    spared = [supervisor_pid, -supervisor_pid, -os.getpgid(supervisor_pid)] + ([] if user.is_own else [-1])
    for name in ("kill", "tkill", "rt_sigqueueinfo", "tgkill", "rt_tgsigqueueinfo"):
        yield from _on_call(numbers[name], _unless_argument(spared, _ERRNO | _EPERM, _ALLOW))
    yield _step(_RETURN, _ALLOW)


def _on_call(number, block):
    return [_step(_IF_EQUAL, number, 0, len(block)), *block]


def _unless_argument(values, then, otherwise):
    block = [_step(_LOAD, _FIRST_ARGUMENT)]
    for value in values:
        block += [_step(_IF_EQUAL, value & 0xFFFFFFFF, 0, 1), _step(_RETURN, then)]
    return [*block, _step(_RETURN, otherwise)]


def _step(code, value, if_true=0, if_false=0):
    return struct.pack("<HBBI", code, if_true, if_false, value)

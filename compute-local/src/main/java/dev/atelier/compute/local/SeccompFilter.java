package dev.atelier.compute.local;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The system call filter of every sandbox, as the classic BPF program that the kernel reads. Foreign ABIs and
 * dangerous calls answer EPERM; clone3 answers ENOSYS, because its flags lie in memory that a filter cannot see and
 * every C library falls back to clone.
 */
final class SeccompFilter {
  private static final short LOAD = 0x20;
  private static final short JUMP_EQUAL = 0x15;
  private static final short JUMP_AT_LEAST = 0x35;
  private static final short JUMP_ANY_BIT = 0x45;
  private static final short RETURN = 0x06;

  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int FIRST_ARGUMENT = 16;
  private static final int SECOND_ARGUMENT = 24;

  private static final int ALLOW = 0x7fff0000;
  private static final int REFUSE = 0x00050000 | 1;
  private static final int UNKNOWN = 0x00050000 | 38;

  // CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
  private static final int NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000
      | 0x40000000;
  private static final int TIME_NAMESPACE = 0x00000080;
  private static final int TIOCSTI = 0x5412;
  private static final int TIOCLINUX = 0x541C;
  private static final int AF_ALG = 38;
  private static final int AF_VSOCK = 40;

  private final ByteBuffer program = ByteBuffer.allocate(8 * 512).order(ByteOrder.nativeOrder());

  private SeccompFilter() {}

  static byte[] program(String architecture) {
    Syscalls calls = Syscalls.of(architecture);
    SeccompFilter filter = new SeccompFilter();
    filter.write(calls);
    byte[] bytes = new byte[filter.program.position()];
    filter.program.flip().get(bytes);
    return bytes;
  }

  private void write(Syscalls calls) {
    add(LOAD, 0, 0, ARCHITECTURE);
    add(JUMP_EQUAL, 1, 0, calls.audit());
    add(RETURN, 0, 0, REFUSE);
    add(LOAD, 0, 0, NUMBER);
    if (calls.foreignFrom() != 0) {
      add(JUMP_AT_LEAST, 0, 1, calls.foreignFrom());
      add(RETURN, 0, 0, REFUSE);
    }
    answer(calls.clone3(), UNKNOWN);
    for (int call : calls.refused()) {
      answer(call, REFUSE);
    }
    refuseBits(calls.fork(), FIRST_ARGUMENT, NAMESPACES);
    refuseBits(calls.unshare(), FIRST_ARGUMENT, NAMESPACES | TIME_NAMESPACE);
    refuseValues(calls.ioctl(), SECOND_ARGUMENT, TIOCSTI, TIOCLINUX);
    // A network namespace does not hold vsock back, and AF_ALG reaches deep into the kernel for nothing.
    refuseValues(calls.socket(), FIRST_ARGUMENT, AF_ALG, AF_VSOCK);
    add(RETURN, 0, 0, ALLOW);
  }

  private void answer(int call, int result) {
    add(JUMP_EQUAL, 0, 1, call);
    add(RETURN, 0, 0, result);
  }

  private void refuseBits(int call, int argument, int bits) {
    add(JUMP_EQUAL, 0, 4, call);
    add(LOAD, 0, 0, argument);
    add(JUMP_ANY_BIT, 0, 1, bits);
    add(RETURN, 0, 0, REFUSE);
    add(RETURN, 0, 0, ALLOW);
  }

  private void refuseValues(int call, int argument, int one, int other) {
    add(JUMP_EQUAL, 0, 5, call);
    add(LOAD, 0, 0, argument);
    add(JUMP_EQUAL, 1, 0, one);
    add(JUMP_EQUAL, 0, 1, other);
    add(RETURN, 0, 0, REFUSE);
    add(RETURN, 0, 0, ALLOW);
  }

  private void add(short code, int ifTrue, int ifFalse, int value) {
    program.putShort(code).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
  }
}

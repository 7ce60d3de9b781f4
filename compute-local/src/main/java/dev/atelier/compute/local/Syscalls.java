package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import java.util.List;

/**
 * System call numbers of a processor architecture, as far as the filter names them.
 *
 * @param audit the AUDIT_ARCH value that the kernel reports
 * @param foreignFrom numbers from here on belong to another ABI (x32); 0 for none
 * @param fork the call named clone
 * @param refused calls that answer EPERM
 */
record Syscalls(
    int audit, int foreignFrom, int fork, int clone3, int unshare, int ioctl, int socket, List<Integer> refused) {

  // In both lists: mounts (old and new API), namespaces, keyrings, bpf, perf, userfaultfd, io_uring, kernel modules,
  // kexec, file handles, swap, reboot, accounting, quota, the clock, the kernel log, chroot, fanotify, host names.
  private static final Syscalls X86_64 = new Syscalls(0xC000003E, 0x40000000, 56, 435, 272, 16, 41, List.of(
      165, 166, 155, 428, 429, 430, 431, 432, 433, 442, 467, 308, 250, 248, 249, 321, 298, 323, 425, 426, 427,
      175, 313, 176, 174, 177, 178, 246, 320, 303, 304, 167, 168, 169, 163, 179, 443, 164, 227, 159, 305, 103, 161,
      300, 170, 171, 172, 173, 134, 180, 156, 212, 153, 136, 139));
  private static final Syscalls AARCH64 = new Syscalls(0xC00000B7, 0, 220, 435, 97, 29, 198, List.of(
      40, 39, 41, 428, 429, 430, 431, 432, 433, 442, 467, 268, 219, 217, 218, 280, 241, 282, 425, 426, 427,
      105, 273, 106, 104, 294, 264, 265, 224, 225, 142, 89, 60, 443, 170, 112, 171, 266, 116, 51,
      262, 161, 162, 42, 18, 58));

  static Syscalls of(String architecture) {
    return switch (architecture) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default -> throw new ComputeException("sandboxes run on x86_64 and aarch64, not on " + architecture);
    };
  }
}

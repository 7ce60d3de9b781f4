package dev.atelier.identity.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Ranges of IP addresses as policies write them. */
final class AddressRange {
  private AddressRange() {}

  /** Whether the address lies in the range, {@code 192.0.2.0/24} or a single address; false for what is neither. */
  static boolean contains(String address, String range) {
    int slash = range.indexOf('/');
    Optional<byte[]> left = bytes(address);
    Optional<byte[]> right = bytes(slash < 0 ? range : range.substring(0, slash));
    if (left.isEmpty() || right.isEmpty() || left.get().length != right.get().length) {
      return false;
    }
    int width = right.get().length * 8;
    String suffix = slash < 0 ? Integer.toString(width) : range.substring(slash + 1);
    if (!suffix.matches("\\d{1,3}") || Integer.parseInt(suffix) > width) {
      return false;
    }
    for (int i = 0; i < Integer.parseInt(suffix); i++) {
      int mask = 0x80 >> (i % 8);
      if ((left.get()[i / 8] & mask) != (right.get()[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /** Only literals are read: a name is never looked up. */
  private static Optional<byte[]> bytes(String address) {
    if (!address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") && !(address.indexOf(':') >= 0
        && address.matches("[0-9a-fA-F.:]{2,45}"))) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(address).getAddress());
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}

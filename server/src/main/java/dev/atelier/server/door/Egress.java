package dev.atelier.server.door;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which hosts sandboxes reach. A name is resolved first and the address is judged and then dialled, so that no name can
 * point elsewhere in between.
 */
public final class Egress {
  /** Where Python packages come from when only indexes may be reached. */
  private static final Set<String> INDEXES =
      Set.of("pypi.org", "files.pythonhosted.org", "conda.anaconda.org", "repo.anaconda.com", "download.pytorch.org");

  private final Mode mode;
  private final List<String> allowed;
  private final Set<String> indexes;

  /** What is reachable beside Atelier. */
  public enum Mode { NONE, INDEXES, INTERNET }

  /**
   * @param allowed host names or addresses that are reachable although they are private
   * @param indexes further hosts that count as package indexes
   */
  public Egress(Mode mode, List<String> allowed, Set<String> indexes) {
    this.mode = mode;
    this.allowed = List.copyOf(allowed);
    this.indexes = Set.copyOf(indexes);
  }

  /** The address to dial for a host, or empty when sandboxes must not reach it. */
  public Optional<InetAddress> resolve(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    boolean named = allowed.contains(name);
    boolean index = INDEXES.contains(name) || indexes.contains(name);
    if (!named && (mode == Mode.NONE || mode == Mode.INDEXES && !index)) {
      return Optional.empty();
    }
    try {
      InetAddress address = InetAddress.getByName(host);
      return named || allowed.contains(address.getHostAddress()) || isPublic(address)
          ? Optional.of(address) : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
    boolean carrierGrade = bytes.length == 4 && (bytes[0] & 0xff) == 100 && (bytes[1] & 0xc0) == 64;
    boolean reserved = bytes.length == 4 && ((bytes[0] & 0xff) == 0 || (bytes[0] & 0xff) >= 240);
    return !(address.isAnyLocalAddress() || address.isLoopbackAddress() || address.isLinkLocalAddress()
        || address.isSiteLocalAddress() || address.isMulticastAddress() || uniqueLocal || carrierGrade || reserved
        || isOwn(address));
  }

  private static boolean isOwn(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true;
    }
  }
}

package dev.atelier.server.door;

import java.net.Inet4Address;
import java.net.Inet6Address;
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
    return !(address.isAnyLocalAddress() || address.isLoopbackAddress() || address.isLinkLocalAddress()
        || address.isSiteLocalAddress() || address.isMulticastAddress() || isOwn(address))
        && switch (address) {
          case Inet4Address old -> !isReserved(old.getAddress());
          case Inet6Address now -> isGlobal(now.getAddress());
          default -> false;
        };
  }

  /** Blocks that no public host has: this network, carriers' own, protocol assignments, benchmarks, the future's. */
  private static boolean isReserved(byte[] bytes) {
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    return first == 0 || first >= 240
        || first == 100 && (second & 0xc0) == 64
        || first == 192 && second == 0 && bytes[2] == 0
        || first == 198 && (second & 0xfe) == 18;
  }

  /** Global unicast but for 6to4 and Teredo, which, as NAT64 outside of it, lead to addresses of the old kind. */
  private static boolean isGlobal(byte[] bytes) {
    boolean unicast = (bytes[0] & 0xe0) == 0x20;
    boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
    boolean teredo = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0;
    return unicast && !sixToFour && !teredo;
  }

  private static boolean isOwn(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true;
    }
  }
}

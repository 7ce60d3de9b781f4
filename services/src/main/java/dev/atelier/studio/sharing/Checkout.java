package dev.atelier.studio.sharing;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which state of a Git repository a folder shows.
 *
 * @param remote the address that it was cloned from or goes to, without any credentials
 * @param branch the branch's name; the commit's where none is checked out
 * @param commit its full name; empty before the first
 */
public record Checkout(Optional<String> remote, String branch, Optional<String> commit) {
  private static final int LONGEST = 1_024;
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40,64}");
  /** An address as ssh has it: {@code git@host:path}, which holds no password. */
  private static final Pattern SHORT = Pattern.compile("(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+:[^:@\\s]+");

  /** What a repository says of itself, as far as it can be told to others. */
  public static Checkout of(Optional<String> remote, String branch, Optional<String> commit) {
    return new Checkout(remote.flatMap(Checkout::bare), branch.substring(0, Math.min(branch.length(), LONGEST)),
        commit.filter(name -> COMMIT.matcher(name).matches()));
  }

  /** The address without user, password and query; empty for what is no address of another machine. */
  static Optional<String> bare(String address) {
    if (address.length() > LONGEST) {
      return Optional.empty();
    }
    if (!address.contains("://")) {
      return Optional.of(address).filter(text -> SHORT.matcher(text).matches());
    }
    try {
      URI uri = new URI(address);
      return Optional.ofNullable(uri.getHost()).isEmpty() || !uri.getScheme().matches("https?|ssh|git")
          ? Optional.empty()
          : Optional.of(new URI(uri.getScheme(), uri.getScheme().equals("ssh") && "git".equals(uri.getUserInfo())
              ? "git" : null, uri.getHost(), uri.getPort(), uri.getPath(), null, null).toString());
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}

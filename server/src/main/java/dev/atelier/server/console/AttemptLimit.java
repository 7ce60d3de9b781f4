package dev.atelier.server.console;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.atelier.kernel.Fault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Slows down who guesses passwords. After some failures every further one doubles the wait, for the user at that
 * address and, later, for the whole address; a quarter of an hour without failures forgets them. Others who sign in as
 * the same user from elsewhere are not held up.
 */
final class AttemptLimit {
  private static final int FREE_OF_USER = 5;
  private static final int FREE_OF_ADDRESS = 30;
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration MEMORY = Duration.ofMinutes(15);

  private final Clock clock;
  private final Cache<String, Failures> failures;

  private record Failures(int count, Instant blockedUntil) {}

  AttemptLimit(Clock clock) {
    this.clock = clock;
    Ticker ticker = () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos();
    this.failures = Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(MEMORY).ticker(ticker).build();
  }

  /** @throws Fault TooManyAttempts while this user, or everybody, at the address has to wait */
  void require(String peer, String account, String user) {
    Instant now = clock.instant();
    for (String key : List.of(address(peer), user(peer, account, user))) {
      Failures known = failures.getIfPresent(key);
      if (known != null && now.isBefore(known.blockedUntil())) {
        long seconds = Math.max(1, Duration.between(now, known.blockedUntil()).toSeconds() + 1);
        throw new Fault("TooManyAttempts", 429, "Too many sign-ins failed. Try again in " + seconds + " seconds.")
            .withHeaders(Map.of("Retry-After", Long.toString(seconds)));
      }
    }
  }

  void failed(String peer, String account, String user) {
    count(address(peer), FREE_OF_ADDRESS);
    count(user(peer, account, user), FREE_OF_USER);
  }

  void succeeded(String peer, String account, String user) {
    failures.invalidate(user(peer, account, user));
  }

  private void count(String key, int free) {
    failures.asMap().compute(key, (same, known) -> {
      int count = known == null ? 1 : known.count() + 1;
      long seconds = count < free ? 0 : Math.min(LONGEST.toSeconds(), 1L << Math.min(20, count - free));
      return new Failures(count, clock.instant().plusSeconds(seconds));
    });
  }

  private static String address(String peer) {
    return "address " + peer;
  }

  private static String user(String peer, String account, String user) {
    return "user " + peer + " " + account.toLowerCase(Locale.ROOT) + "/" + user.toLowerCase(Locale.ROOT);
  }
}

package dev.atelier.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is changed in a signed request, it is refused; what means the same is accepted. */
class SignatureMutationTest {
  /** {@code -Datelier.mutations=1000000} makes it the long run. */
  private static final int ROUNDS = Integer.getInteger("atelier.mutations", 10_000);
  private static final SigV4Verifier VERIFIER = new SigV4Verifier(
      id -> id.equals(Signer.KEY) ? Optional.of(SigningKey.permanent(Signer.SECRET)) : Optional.empty(),
      Clock.fixed(Instant.parse("2026-01-01T00:01:00Z"), ZoneOffset.UTC));

  private enum Mutation { METHOD, HEADER, HEADER_DROPPED, HEADER_DOUBLED, AMZ_HEADER_ADDED, PATH, QUERY_ADDED,
    QUERY_DROPPED, QUERY_CHANGED, QUERY_DOUBLED, BODY, BODY_CUT, SCOPE, DATE, SIGNATURE, SIGNED_HEADERS, CHUNK_LINE }

  private static boolean accepted(SignedSample sample) throws IOException {
    try {
      return VERIFIER.verify(sample.request(), sample.dialect, Optional.empty())
          instanceof Authentication.Verified verified && verified.body().readAllBytes() != null;
    } catch (Fault refused) {
      assertThat(refused.status()).isBetween(400, 499);
      return false;
    }
  }

  @Test
  void noMutationIsAccepted() throws IOException {
    long seed = Long.getLong("atelier.seed", System.nanoTime());
    System.out.println("SignatureMutationTest seed " + seed);
    Random random = new Random(seed);
    Map<Mutation, Integer> done = new EnumMap<>(Mutation.class);
    int tried = 0;
    while (tried < ROUNDS) {
      SignedSample sample = SignedSample.of(random.nextInt(4), random);
      assertThat(accepted(sample)).isTrue();
      Mutation mutation = Mutation.values()[random.nextInt(Mutation.values().length)];
      if (!mutate(sample, mutation, random)) {
        continue;
      }
      tried++;
      done.merge(mutation, 1, Integer::sum);
      if (accepted(sample)) {
        fail("seed %d: %s was accepted: %s %s?%s", seed, mutation, sample.method, sample.path,
            Signer.query(sample.query));
      }
    }
    System.out.println("SignatureMutationTest mutations=" + tried + " accepted=0");
    assertThat(done.keySet()).containsExactlyInAnyOrder(Mutation.values());
  }

  /** Changes one thing; false when the sample has nothing of the kind. */
  private static boolean mutate(SignedSample sample, Mutation mutation, Random random) {
    List<String> names = new ArrayList<>(sample.headers.names());
    Collections.sort(names);
    names.remove("authorization");
    String name = names.get(random.nextInt(names.size()));
    int pair = sample.query.isEmpty() ? -1 : random.nextInt(sample.query.size());
    switch (mutation) {
      case METHOD -> sample.method = sample.method.equals("PUT") ? "POST" : "PUT";
      case HEADER -> sample.headers.set(name, changed(sample.headers.first(name).orElseThrow(), random));
      case HEADER_DROPPED -> sample.headers.remove(name);
      case HEADER_DOUBLED -> sample.headers.add(name, sample.headers.first(name).orElseThrow());
      case AMZ_HEADER_ADDED -> sample.headers.add("x-amz-acl", "public-read");
      case PATH -> sample.path = "/" + changed(sample.path.substring(1), random);
      case QUERY_ADDED -> sample.query.add(random.nextInt(sample.query.size() + 1), new Query.Pair("extra", "1"));
      case QUERY_DROPPED -> sample.query.remove(pair);
      case QUERY_CHANGED -> {
        Query.Pair old = sample.query.get(pair);
        sample.query.set(pair, random.nextBoolean()
            ? new Query.Pair(changed(old.rawName(), random), old.rawValue())
            : new Query.Pair(old.rawName(), changed(old.rawValue(), random)));
      }
      case QUERY_DOUBLED -> sample.query.add(sample.query.get(pair));
      case BODY -> {
        return sample.body.length > 0 && flip(sample.body, random.nextInt(sample.body.length), random);
      }
      case BODY_CUT -> {
        int cut = Math.max(3, random.nextInt(Math.max(1, sample.body.length)));
        if (sample.body.length <= cut) {
          return false;
        }
        sample.body = java.util.Arrays.copyOf(sample.body, sample.body.length - cut);
      }
      case SCOPE -> {
        return authorization(sample, "Credential=", random);
      }
      case DATE -> {
        if (!sample.headers.has("x-amz-date")) {
          return false;
        }
        sample.headers.set("x-amz-date", "20260101T0000" + (10 + random.nextInt(49)) + "Z");
      }
      case SIGNATURE -> {
        return authorization(sample, "Signature=", random);
      }
      case SIGNED_HEADERS -> {
        return authorization(sample, "SignedHeaders=", random);
      }
      case CHUNK_LINE -> {
        boolean chunked = sample.headers.has("x-amz-decoded-content-length");
        return chunked && flip(sample.body, random.nextInt(80), random);
      }
    }
    return true;
  }

  /** Changes a character of one part of the Authorization header. */
  private static boolean authorization(SignedSample sample, String part, Random random) {
    Optional<String> header = sample.headers.first("authorization");
    if (header.isEmpty()) {
      return false;
    }
    String text = header.get();
    int start = text.indexOf(part) + part.length();
    int end = text.indexOf(',', start) < 0 ? text.length() : text.indexOf(',', start);
    sample.headers.set("authorization",
        text.substring(0, start) + changed(text.substring(start, end), random) + text.substring(end));
    return true;
  }

  /** Another text that does not mean the same: the replaced character was plain and so is the new one. */
  private static String changed(String text, Random random) {
    if (text.isEmpty()) {
      return "x";
    }
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      boolean inEscape = text.substring(Math.max(0, i - 2), i + 1).indexOf('%') >= 0;
      if (Character.isLetterOrDigit(text.charAt(i)) && !inEscape) {
        places.add(i);
      }
    }
    if (places.isEmpty()) {
      return text + "x";
    }
    int place = places.get(random.nextInt(places.size()));
    char other = "abcdefXYZ0123456789".charAt(random.nextInt(19));
    return text.substring(0, place) + (text.charAt(place) == other ? '-' : other) + text.substring(place + 1);
  }

  /** Flips one bit; false when only the case of a chunk size's hexadecimal digit changed, which means the same. */
  private static boolean flip(byte[] bytes, int place, Random random) {
    String rest = new String(bytes, place, bytes.length - place, java.nio.charset.StandardCharsets.ISO_8859_1);
    boolean inSize = rest.matches("(?s)[0-9a-f]{1,8};chunk-signature.*");
    byte old = bytes[place];
    bytes[place] ^= (byte) (1 << random.nextInt(7));
    return !(inSize && Character.isLetter(old) && Character.toLowerCase(bytes[place]) == old);
  }

  @Test
  void equivalentsAreAccepted() throws IOException {
    Random random = new Random(7);
    for (int kind = 0; kind < 4; kind++) {
      SignedSample sample = SignedSample.of(kind, random);
      Collections.shuffle(sample.query, random);
      assertThat(accepted(sample)).as("order of the query").isTrue();
      Headers other = new Headers();
      for (String name : sample.headers.names()) {
        String value = sample.headers.first(name).orElseThrow();
        other.add(name.toUpperCase(java.util.Locale.ROOT), "  " + value + " ");
      }
      if (other.has("x-amz-meta-colour")) {
        other.set("x-amz-meta-colour", " dark red  ");
      }
      sample.headers = other;
      assertThat(accepted(sample)).as("case and spaces of headers").isTrue();
      sample.path = sample.path.replace("key", "k%65y").replace("bucket", "buc%6Bet");
      assertThat(accepted(sample)).as("needless escapes").isTrue();
    }
  }
}

package dev.atelier.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.identity.policy.PolicyEvaluator.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random policies against a second evaluator that states the user guide's rules as plain logic. */
final class PolicyPropertyTest {
  private static final int ROUNDS = 20_000;
  private static final String ACCOUNT = "111111111111";
  private static final String USER = "arn:aws:iam::" + ACCOUNT + ":user/ann";
  private static final String ROLE = "arn:aws:iam::" + ACCOUNT + ":role/worker";
  private static final String SESSION = "arn:aws:sts::" + ACCOUNT + ":assumed-role/worker/one";
  private static final List<String> ACTIONS = List.of("s3:GetObject", "s3:PutObject", "s3:ListBucket", "iam:GetUser");
  private static final List<String> ACTION_PATTERNS =
      List.of("*", "s3:*", "s3:Get*", "S3:PUTOBJECT", "s3:?etObject", "iam:*", "iam:GetUser", "s3:List*");
  private static final List<String> RESOURCES =
      List.of("arn:aws:s3:::b", "arn:aws:s3:::b/k", "arn:aws:s3:::b/ann/k", "arn:aws:s3:::c/k");
  private static final List<String> RESOURCE_PATTERNS =
      List.of("*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::?/k", "arn:aws:s3:::c/k", "arn:aws:s3:::b/ann/*");
  private static final List<String> PRINCIPALS =
      List.of("*", USER, ROLE, SESSION, "arn:aws:iam::" + ACCOUNT + ":root", "222222222222",
          "arn:aws:iam::" + ACCOUNT + ":user/bob");

  private record Term(boolean deny, boolean notAction, List<String> actions, boolean notResource,
      List<String> resources, boolean notPrincipal, List<String> principals, Optional<String> region) {
    String json(boolean named) {
      return "{\"Effect\":\"" + (deny ? "Deny" : "Allow") + "\","
          + "\"" + (notAction ? "NotAction" : "Action") + "\":" + list(actions) + ","
          + "\"" + (notResource ? "NotResource" : "Resource") + "\":" + list(resources)
          + (named ? ",\"" + (notPrincipal ? "NotPrincipal" : "Principal") + "\":{\"AWS\":" + list(principals) + "}" : "")
          + region.map(each -> ",\"Condition\":{\"StringEquals\":{\"aws:RequestedRegion\":\"" + each + "\"}}").orElse("")
          + "}";
    }
  }

  private record Asked(boolean user, String action, String resource, String region) {}

  private static String list(List<String> values) {
    return values.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(",", "[", "]"));
  }

  private static NamedPolicy policy(List<Term> terms, boolean named) {
    return new NamedPolicy("p", PolicyDocument.parse("{\"Version\":\"2012-10-17\",\"Statement\":"
        + terms.stream().map(each -> each.json(named)).collect(Collectors.joining(",", "[", "]")) + "}",
        named ? PolicyDocument.Kind.RESOURCE : PolicyDocument.Kind.IDENTITY));
  }

  private static List<String> some(Random random, List<String> of) {
    return IntStream.range(0, 1 + random.nextInt(2)).mapToObj(i -> of.get(random.nextInt(of.size()))).toList();
  }

  private static List<Term> terms(Random random) {
    return IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> new Term(random.nextInt(4) == 0,
        random.nextInt(5) == 0, some(random, ACTION_PATTERNS), random.nextInt(5) == 0, some(random, RESOURCE_PATTERNS),
        random.nextInt(6) == 0, some(random, PRINCIPALS),
        random.nextInt(4) == 0 ? Optional.of(random.nextBoolean() ? "us-east-1" : "eu-west-1") : Optional.empty()))
        .toList();
  }

  // --- the second evaluator

  private static boolean like(List<String> patterns, String text, int flags) {
    return patterns.stream().anyMatch(each -> Pattern.compile(Pattern.quote(each).replace("*", "\\E.*\\Q")
        .replace("?", "\\E.\\Q"), flags).matcher(text).matches());
  }

  private static boolean covers(Term term, Asked asked) {
    return like(term.actions(), asked.action(), Pattern.CASE_INSENSITIVE) != term.notAction()
        && like(term.resources(), asked.resource(), 0) != term.notResource()
        && term.region().map(asked.region()::equals).orElse(true);
  }

  private static Predicate<String> is(Asked asked) {
    return name -> name.equals("*") || name.equals("arn:aws:iam::" + ACCOUNT + ":root")
        || (asked.user() ? name.equals(USER) : name.equals(ROLE) || name.equals(SESSION));
  }

  private static boolean names(Term term, Asked asked) {
    return term.principals().stream().anyMatch(is(asked)) != term.notPrincipal();
  }

  private static boolean some(List<Term> terms, Predicate<Term> test) {
    return terms.stream().anyMatch(test);
  }

  private static boolean expected(Asked asked, List<List<Term>> kinds, Optional<List<Term>> resource, boolean same) {
    Predicate<Term> denies = term -> term.deny() && covers(term, asked);
    if (kinds.stream().anyMatch(terms -> some(terms, denies))
        || resource.filter(terms -> some(terms, term -> denies.test(term) && names(term, asked))).isPresent()) {
      return false;
    }
    Predicate<Term> allows = term -> !term.deny() && covers(term, asked);
    boolean identity = some(kinds.getFirst(), allows);
    boolean bounds = kinds.stream().skip(1).allMatch(terms -> some(terms, allows));
    List<Term> grants = resource.map(terms -> terms.stream()
        .filter(term -> allows.test(term) && names(term, asked)).toList()).orElse(List.of());
    if (!same) {
      return identity && bounds && !grants.isEmpty();
    }
    boolean unbounded = some(grants, term -> !term.notPrincipal() && term.principals().stream().anyMatch(
        name -> asked.user() ? name.equals(USER) || name.equals("*") : name.equals(SESSION)));
    boolean bounded = some(grants, term -> term.notPrincipal()
        || term.principals().stream().anyMatch(name -> !asked.user() && (name.equals(ROLE) || name.equals("*"))));
    return unbounded || (identity || bounded) && bounds;
  }

  @Test
  void bothEvaluatorsAgree() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int allowed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Asked asked = new Asked(random.nextBoolean(), ACTIONS.get(random.nextInt(ACTIONS.size())),
          RESOURCES.get(random.nextInt(RESOURCES.size())), "us-east-1");
      List<Term> identity = terms(random);
      Optional<List<Term>> boundary = random.nextInt(3) == 0 ? Optional.of(terms(random)) : Optional.empty();
      Optional<List<Term>> session =
          !asked.user() && random.nextInt(3) == 0 ? Optional.of(terms(random)) : Optional.empty();
      Optional<List<Term>> resource = random.nextInt(3) > 0 ? Optional.of(terms(random)) : Optional.empty();
      boolean same = random.nextInt(3) > 0;
      List<List<Term>> kinds = new ArrayList<>(List.of(identity));
      boundary.ifPresent(kinds::add);
      session.ifPresent(kinds::add);
      RequestContext request = new RequestContext(asked.action(), asked.resource(), Map.of(
          "aws:PrincipalArn", List.of(asked.user() ? USER : ROLE),
          PrincipalMatch.SESSION_ARN, List.of(asked.user() ? USER : SESSION),
          "aws:PrincipalAccount", List.of(ACCOUNT), "aws:RequestedRegion", List.of(asked.region())));
      boolean decided = PolicyEvaluator.evaluate(request, new Policies(List.of(policy(identity, false)),
          session.map(each -> policy(each, false)).stream().toList(), boundary.map(each -> policy(each, false)),
          resource.map(each -> policy(each, true)), same, false)).allowed();
      assertThat(decided).as("seed %d, round %d: %s, %s, resource %s, same account %s", seed, round, asked, kinds,
          resource, same).isEqualTo(expected(asked, kinds, resource, same));
      allowed += decided ? 1 : 0;
    }
    assertThat(allowed).as("seed " + seed + ": both answers are common").isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
  }
}

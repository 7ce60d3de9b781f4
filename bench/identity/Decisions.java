import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.identity.policy.PolicyEvaluator.Policies;
import dev.atelier.identity.policy.RequestContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Prints the median time of a decision in microseconds: 20 statements with conditions, of which the last decides. */
final class Decisions {
  private static final int STATEMENTS = 20;
  private static final int WARM = 50_000;
  private static final int MEASURED = 20_001;

  public static void main(String[] none) {
    String statements = IntStream.range(0, STATEMENTS).mapToObj("""
        {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "arn:aws:s3:::bucket-%d/${aws:username}/*",
         "Condition": {"StringLike": {"aws:PrincipalTag/team": "t*"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}"""
        ::formatted).collect(Collectors.joining(","));
    String text = "{\"Version\": \"2012-10-17\", \"Statement\": [" + statements + "]}";
    Policies policies = Policies.ofIdentity(
        List.of(new NamedPolicy("bench", PolicyDocument.parse(text, PolicyDocument.Kind.IDENTITY))));
    RequestContext request = new RequestContext("s3:GetObject", "arn:aws:s3:::bucket-19/ann/x", Map.of(
        "aws:username", List.of("ann"), "aws:PrincipalTag/team", List.of("t1"), "aws:SourceIp", List.of("10.1.2.3")));
    long[] taken = new long[MEASURED];
    for (int turn = -WARM; turn < MEASURED; turn++) {
      long begun = System.nanoTime();
      if (!PolicyEvaluator.evaluate(request, policies).allowed()) {
        throw new IllegalStateException("the last statement allows it");
      }
      if (turn >= 0) {
        taken[turn] = System.nanoTime() - begun;
      }
    }
    Arrays.sort(taken);
    System.out.println(taken[MEASURED / 2] / 1_000.0);
  }
}

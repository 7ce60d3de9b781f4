package dev.atelier.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.kernel.Arn;
import org.junit.jupiter.api.Test;

class AwsManagedPoliciesTest {
  @Test
  void everyDocumentIsReadAndFoundByItsArn() {
    assertThat(AwsManagedPolicies.all()).hasSizeGreaterThan(60).allSatisfy(policy -> {
      assertThat(PolicyDocument.parse(policy.document(), PolicyDocument.Kind.MANAGED).statements()).isNotEmpty();
      assertThat(AwsManagedPolicies.find(Arn.parse(policy.arn()).orElseThrow())).contains(policy);
    });
  }

  @Test
  void aPathBelongsToTheName() {
    assertThat(AwsManagedPolicies.find(Arn.parse("arn:aws:iam::aws:policy/ViewOnlyAccess").orElseThrow())).isEmpty();
    assertThat(AwsManagedPolicies.find(
        Arn.parse("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess").orElseThrow())).isPresent();
  }
}

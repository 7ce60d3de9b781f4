package dev.atelier.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class QuotaTest {
  @ParameterizedTest
  @EnumSource(Quota.class)
  void everyQuotaHasItsNumber(Quota quota) {
    assertThat(quota.most()).isPositive();
    assertThatCode(() -> quota.requireRoom(quota.most() - 1)).doesNotThrowAnyException();
    assertThatThrownBy(() -> quota.requireRoom(quota.most())).isInstanceOfSatisfying(Fault.class,
        fault -> assertThat(fault.code()).isEqualTo("LimitExceeded"));
  }

  @Test
  void theMessageNamesIt() {
    assertThatThrownBy(() -> Quota.GROUPS.requireRoom(300)).hasMessage("Cannot exceed quota for GroupsPerAccount: 300");
    assertThat(Quota.summary()).containsEntry("UsersQuota", 5_000).containsEntry("PolicyVersionsInUseQuota", 10_000);
  }
}

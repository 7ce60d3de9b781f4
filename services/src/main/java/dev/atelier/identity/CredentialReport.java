package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Partition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of all users of an account and the state of their credentials; made anew at most every four hours. */
final class CredentialReport {
  private static final Duration FRESH = Duration.ofHours(4);
  private static final String NAME = "report";
  private static final String HEADER = "user,arn,user_creation_time,password_enabled,password_last_used,"
      + "password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
      + "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,"
      + "access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,"
      + "access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

  private final RecordStore records;
  private final Users users;
  private final Passwords passwords;
  private final KeyUse use;
  private final Clock clock;

  CredentialReport(RecordStore records, Users users, Passwords passwords, KeyUse use, Clock clock) {
    this.records = records;
    this.users = users;
    this.passwords = passwords;
    this.use = use;
    this.clock = clock;
  }

  /** True when there was no fresh report and one was made. */
  boolean generate(Partition partition, AccountId account, AccessKeys keys) {
    Optional<Entry<String>> present = find(account);
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    if (present.filter(each -> madeAt(each).plus(FRESH).isAfter(now)).isPresent()) {
      return false;
    }
    StringBuilder table = new StringBuilder(now + "\n" + HEADER + "\n");
    for (User user : users.list(account)) {
      table.append(String.join(",", line(partition, user, keys.of(account, user.name())))).append('\n');
    }
    present.ifPresentOrElse(each -> records.update(each.with(table.toString())), () ->
        records.insert(Kind.CREDENTIAL_REPORT,
            new Entry<>(UniqueId.of("ACRP"), account, "", NAME, now, table.toString()), List.of()));
    return true;
  }

  /** The report: the moment it was made, a line break, the table. */
  Entry<String> require(AccountId account) {
    Entry<String> found = find(account).orElseThrow(() -> new Fault("ReportNotPresent", 410,
        "No report exists for this account. Generate one by calling GenerateCredentialReport."));
    if (!madeAt(found).plus(FRESH).isAfter(clock.instant())) {
      throw new Fault("ReportExpired", 410, "The report is older than four hours. Generate a new one.");
    }
    return found;
  }

  private Optional<Entry<String>> find(AccountId account) {
    return records.find(account, Kind.CREDENTIAL_REPORT, NAME, String.class);
  }

  private static Instant madeAt(Entry<String> report) {
    return Instant.parse(report.value().substring(0, report.value().indexOf('\n')));
  }

  private List<String> line(Partition partition, User user, List<AccessKey> keys) {
    Optional<Entry<Passwords.Login>> login = passwords.find(user);
    int maxAge = passwords.rules(user.account()).maxAge();
    List<String> cells = new ArrayList<>(List.of(user.name(), user.arn(partition).toString(),
        time(user.createdAt()), Boolean.toString(login.isPresent()), login.isPresent() ? "no_information" : "N/A",
        login.map(each -> time(Instant.ofEpochSecond(each.value().changedAt()))).orElse("N/A"),
        login.filter(each -> maxAge > 0).map(each ->
            time(Instant.ofEpochSecond(each.value().changedAt()).plus(Duration.ofDays(maxAge)))).orElse("N/A"),
        Boolean.toString(!records.ofUser(user.account(), Kind.MFA_DEVICE, user.name(), Object.class).isEmpty())));
    for (int i = 0; i < 2; i++) {
      if (i >= keys.size()) {
        cells.addAll(List.of("false", "N/A", "N/A", "N/A", "N/A"));
        continue;
      }
      Optional<KeyUse.Use> last = use.of(keys.get(i).id());
      cells.addAll(List.of(Boolean.toString(keys.get(i).active()), time(keys.get(i).createdAt()),
          last.map(each -> time(each.at())).orElse("N/A"), last.map(KeyUse.Use::region).orElse("N/A"),
          last.map(KeyUse.Use::service).orElse("N/A")));
    }
    List<Entry<Certificates.Public>> certificates =
        records.ofUser(user.account(), Kind.SIGNING_CERTIFICATE, user.name(), Certificates.Public.class);
    for (int i = 0; i < 2; i++) {
      cells.addAll(i < certificates.size() ? List.of(Boolean.toString(certificates.get(i).value().active()),
          time(certificates.get(i).createdAt())) : List.of("false", "N/A"));
    }
    return cells;
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "+00:00");
  }
}

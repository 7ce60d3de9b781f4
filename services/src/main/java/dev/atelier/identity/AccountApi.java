package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.NoInput;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.CreateAccountAliasRequest;
import dev.atelier.models.iam.DeleteAccountAliasRequest;
import dev.atelier.models.iam.GenerateCredentialReportResponse;
import dev.atelier.models.iam.GetAccountSummaryResponse;
import dev.atelier.models.iam.GetCredentialReportResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListAccountAliasesRequest;
import dev.atelier.models.iam.ListAccountAliasesResponse;
import dev.atelier.operation.OperationTable;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The operations on an account as a whole: its alias, what it holds, its credential report. */
final class AccountApi {
  private final RecordStore records;
  private final Holders holders;
  private final ManagedPolicies policies;
  private final AccessKeys keys;
  private final CredentialReport report;
  private final Clock clock;

  AccountApi(RecordStore records, Holders holders, ManagedPolicies policies, AccessKeys keys, CredentialReport report,
      Clock clock) {
    this.records = records;
    this.holders = holders;
    this.policies = policies;
    this.keys = keys;
    this.report = report;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(IamOperations.createAccountAlias(), this::createAccountAlias)
        .on(IamOperations.listAccountAliases(), this::listAccountAliases)
        .on(IamOperations.deleteAccountAlias(), this::deleteAccountAlias)
        .on(IamOperations.getAccountSummary(), this::getAccountSummary)
        .on(IamOperations.generateCredentialReport(), this::generateCredentialReport)
        .on(IamOperations.getCredentialReport(), this::getCredentialReport);
  }

  /** An account has one alias: a new one takes the place of the old. */
  NoOutput createAccountAlias(Caller caller, CreateAccountAliasRequest request) {
    if (request.accountAlias().matches("\\d{12}")) {
      throw new Fault("ValidationError", 400, "An account alias must not be a 12-digit number.");
    }
    List<Entry<String>> present = aliases(caller);
    if (present.isEmpty()) {
      records.insert(Kind.ALIAS, new Entry<>(UniqueId.of("AALI"), caller.account(), "", request.accountAlias(),
          clock.instant(), ""), List.of());
    } else {
      records.update(present.getFirst().named(request.accountAlias()));
    }
    return new NoOutput();
  }

  ListAccountAliasesResponse listAccountAliases(Caller caller, ListAccountAliasesRequest request) {
    IamPage<Entry<String>> page = IamPage.of(aliases(caller), Entry::name, request.marker(), request.maxItems());
    return ListAccountAliasesResponse.builder().accountAliases(page.items().stream().map(Entry::name).toList())
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput deleteAccountAlias(Caller caller, DeleteAccountAliasRequest request) {
    records.delete(records.find(caller.account(), Kind.ALIAS, request.accountAlias(), String.class).orElseThrow(() ->
        Users.noSuchEntity("The account alias with name " + request.accountAlias() + " cannot be found.")));
    return new NoOutput();
  }

  private List<Entry<String>> aliases(Caller caller) {
    return records.list(caller.account(), Kind.ALIAS, String.class);
  }

  GetAccountSummaryResponse getAccountSummary(Caller caller, NoInput request) {
    AccountId account = caller.account();
    Map<String, Integer> summary = new TreeMap<>();
    List<Entry<MfaDevices.Device>> devices = records.list(account, Kind.MFA_DEVICE, MfaDevices.Device.class);
    summary.put("Users", holders.users().list(account).size());
    summary.put("Groups", holders.groups().list(account).size());
    summary.put("Roles", holders.roles().list(account).size());
    summary.put("Policies", policies.list(account).size());
    summary.put("PolicyVersionsInUse", policies.list(account).stream().mapToInt(each -> policies.versions(each).size()).sum());
    summary.put("InstanceProfiles", records.count(account, Kind.INSTANCE_PROFILE));
    summary.put("ServerCertificates", records.count(account, Kind.SERVER_CERTIFICATE));
    summary.put("Providers", records.count(account, Kind.OIDC_PROVIDER) + records.count(account, Kind.SAML_PROVIDER));
    summary.put("MFADevices", devices.size());
    summary.put("MFADevicesInUse", Math.toIntExact(devices.stream().filter(each -> !each.owner().isEmpty()).count()));
    summary.putAll(Quota.summary());
    Map.of("GlobalEndpointTokenVersion", 1, "AccountMFAEnabled", 0, "AccountAccessKeysPresent", 0,
        "AccountSigningCertificatesPresent", 0, "AccountPasswordPresent", 0)
        .forEach(summary::put);
    return GetAccountSummaryResponse.builder().summaryMap(summary).build();
  }

  GenerateCredentialReportResponse generateCredentialReport(Caller caller, NoInput request) {
    String description = report.generate(caller.partition(), caller.account(), keys)
        ? "No report exists. Starting a new report generation task" : null;
    return GenerateCredentialReportResponse.builder()
        .state(description == null ? "COMPLETE" : "STARTED").description(description).build();
  }

  GetCredentialReportResponse getCredentialReport(Caller caller, NoInput request) {
    Entry<String> found = report.require(caller.account());
    return GetCredentialReportResponse.builder()
        .content(found.value().substring(found.value().indexOf('\n') + 1).getBytes(StandardCharsets.UTF_8))
        .reportFormat("text/csv")
        .generatedTime(Instant.parse(found.value().substring(0, found.value().indexOf('\n'))))
        .build();
  }
}

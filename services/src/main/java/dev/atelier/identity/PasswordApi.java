package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.models.NoInput;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.ChangePasswordRequest;
import dev.atelier.models.iam.CreateLoginProfileRequest;
import dev.atelier.models.iam.CreateLoginProfileResponse;
import dev.atelier.models.iam.DeleteLoginProfileRequest;
import dev.atelier.models.iam.GetAccountPasswordPolicyResponse;
import dev.atelier.models.iam.GetLoginProfileRequest;
import dev.atelier.models.iam.GetLoginProfileResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.LoginProfile;
import dev.atelier.models.iam.PasswordPolicy;
import dev.atelier.models.iam.UpdateAccountPasswordPolicyRequest;
import dev.atelier.models.iam.UpdateLoginProfileRequest;
import dev.atelier.operation.OperationTable;
import java.util.Optional;

/** The operations on console passwords and on the account's password policy. */
final class PasswordApi {
  private final Passwords passwords;

  PasswordApi(Passwords passwords) {
    this.passwords = passwords;
  }

  void register(OperationTable table) {
    table.on(IamOperations.createLoginProfile(), this::createLoginProfile)
        .on(IamOperations.getLoginProfile(), this::getLoginProfile)
        .on(IamOperations.updateLoginProfile(), this::updateLoginProfile)
        .on(IamOperations.deleteLoginProfile(), this::deleteLoginProfile)
        .on(IamOperations.changePassword(), this::changePassword)
        .on(IamOperations.updateAccountPasswordPolicy(), this::updateAccountPasswordPolicy)
        .on(IamOperations.getAccountPasswordPolicy(), this::getAccountPasswordPolicy)
        .on(IamOperations.deleteAccountPasswordPolicy(), this::deleteAccountPasswordPolicy);
  }

  CreateLoginProfileResponse createLoginProfile(Caller caller, CreateLoginProfileRequest request) {
    return CreateLoginProfileResponse.builder()
        .loginProfile(wire(passwords.create(caller.account(), UserApi.nameOr(caller, request.userName()),
            Optional.ofNullable(request.password()), Boolean.TRUE.equals(request.passwordResetRequired()))))
        .build();
  }

  GetLoginProfileResponse getLoginProfile(Caller caller, GetLoginProfileRequest request) {
    return GetLoginProfileResponse.builder()
        .loginProfile(wire(passwords.require(caller.account(), UserApi.nameOr(caller, request.userName()))))
        .build();
  }

  NoOutput updateLoginProfile(Caller caller, UpdateLoginProfileRequest request) {
    passwords.update(caller.account(), request.userName(), Optional.ofNullable(request.password()),
        Optional.ofNullable(request.passwordResetRequired()));
    return new NoOutput();
  }

  NoOutput deleteLoginProfile(Caller caller, DeleteLoginProfileRequest request) {
    passwords.delete(caller.account(), UserApi.nameOr(caller, request.userName()));
    return new NoOutput();
  }

  NoOutput changePassword(Caller caller, ChangePasswordRequest request) {
    if (!(caller.identity() instanceof Identity.User user)) {
      throw new Fault("InvalidUserType", 400, "Only IAM Users can change their own password.");
    }
    passwords.change(caller.account(), user.name(), request.oldPassword(), request.newPassword());
    return new NoOutput();
  }

  NoOutput updateAccountPasswordPolicy(Caller caller, UpdateAccountPasswordPolicyRequest request) {
    passwords.setRules(caller.account(), new PasswordRules(
        request.minimumPasswordLength() == null ? 6 : request.minimumPasswordLength(),
        Boolean.TRUE.equals(request.requireSymbols()), Boolean.TRUE.equals(request.requireNumbers()),
        Boolean.TRUE.equals(request.requireUppercaseCharacters()),
        Boolean.TRUE.equals(request.requireLowercaseCharacters()),
        Boolean.TRUE.equals(request.allowUsersToChangePassword()),
        request.maxPasswordAge() == null ? 0 : request.maxPasswordAge(),
        request.passwordReusePrevention() == null ? 0 : request.passwordReusePrevention(),
        Boolean.TRUE.equals(request.hardExpiry()), 0));
    return new NoOutput();
  }

  GetAccountPasswordPolicyResponse getAccountPasswordPolicy(Caller caller, NoInput request) {
    PasswordRules rules = passwords.own(caller.account()).map(Entry::value).orElseThrow(() -> Users.noSuchEntity(
        "The Password Policy with domain name " + caller.account() + " cannot be found."));
    return GetAccountPasswordPolicyResponse.builder()
        .passwordPolicy(PasswordPolicy.builder()
            .minimumPasswordLength(rules.minimumLength())
            .requireSymbols(rules.symbols())
            .requireNumbers(rules.numbers())
            .requireUppercaseCharacters(rules.upperCase())
            .requireLowercaseCharacters(rules.lowerCase())
            .allowUsersToChangePassword(rules.usersMayChange())
            .expirePasswords(rules.maxAge() > 0)
            .maxPasswordAge(rules.maxAge())
            .passwordReusePrevention(rules.reusePrevention() == 0 ? null : rules.reusePrevention())
            .hardExpiry(rules.hardExpiry())
            .build())
        .build();
  }

  NoOutput deleteAccountPasswordPolicy(Caller caller, NoInput request) {
    passwords.deleteRules(caller.account());
    return new NoOutput();
  }

  private static LoginProfile wire(Entry<Passwords.Login> login) {
    return LoginProfile.builder()
        .userName(login.owner())
        .createDate(login.createdAt())
        .passwordResetRequired(login.value().resetRequired())
        .build();
  }
}

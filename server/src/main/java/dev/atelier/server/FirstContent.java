package dev.atelier.server;

import dev.atelier.identity.AccountSpec;
import dev.atelier.identity.Bootstrap;
import dev.atelier.identity.Users;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import dev.atelier.objects.BodyChecks;
import dev.atelier.objects.Conditions;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.ObjectStore;
import dev.atelier.s3.S3Feature;
import dev.atelier.s3.SampleMirror;
import dev.atelier.server.config.ConfigException;
import dev.atelier.server.config.ServerConfig;
import dev.atelier.studio.StudioFeature;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Makes the first account with its administrator, and at every start what the configuration names. */
final class FirstContent {
  /** The region that {@code env} names where nobody asks for another. */
  private static final Region REGION = new Region("us-east-1");

  private FirstContent() {}

  /** Returns the first account. */
  static AccountId apply(Path data, ServerConfig config, Bootstrap bootstrap, ObjectStore objects, Clock clock) {
    AdministratorKey key = AdministratorKey.read(data).orElseGet(() -> {
      Users.NewKey made = Bootstrap.newAdministratorKey(clock);
      AdministratorKey fresh = new AdministratorKey(config.defaultAccount(), made.key().id(), made.secret());
      fresh.write(data);
      return fresh;
    });
    bootstrap.defaultAccount(new AccountId(key.account()), key.accessKeyId(), key.secretAccessKey());
    for (ServerConfig.Account account : config.accounts()) {
      bootstrap.apply(new AccountSpec(account.id(),
          account.users().stream().map(user -> new AccountSpec.UserSpec(
              user.name(), user.accessKeyId(), user.secretAccessKey(), user.policies())).toList(),
          account.roles().stream().map(role -> new AccountSpec.RoleSpec(
              role.name(), role.path(), role.trust(), role.policies())).toList()));
      account.buckets().forEach(bucket -> apply(new AccountId(account.id()), bucket, objects));
    }
    try {
      new SampleMirror(objects).apply(Optional.ofNullable(config.sampleBuckets()).map(Path::of));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("sampleBuckets: " + e.getMessage());
    }
    return new AccountId(key.account());
  }

  /** Makes the first account's domain, unless it had one before. */
  static void studio(StudioFeature studio, AccountId account) {
    Caller caller = new Caller(account, REGION, new Identity.Root(), "");
    studio.firstDomain(caller, Arn.global(REGION.partition(), "iam", account, "role" + Bootstrap.EXECUTION_ROLE_PATH
        + Bootstrap.EXECUTION_ROLE));
  }

  /** Makes the bucket and the objects that are not there yet; what a user has changed since stays. */
  private static void apply(AccountId account, ServerConfig.Bucket bucket, ObjectStore objects) {
    if (objects.buckets().find(bucket.name()).isEmpty()) {
      objects.buckets().create(bucket.name(), account, new Region(bucket.region()), S3Feature.newBucket());
    }
    for (ServerConfig.TextObject object : bucket.objects()) {
      if (objects.find(bucket.name(), object.key()).isEmpty()) {
        objects.put(bucket.name(), object.key(),
            new ByteArrayInputStream(object.text().getBytes(StandardCharsets.UTF_8)), ObjectAttributes.NONE,
            BodyChecks.NONE, Conditions.NONE);
      }
    }
  }
}

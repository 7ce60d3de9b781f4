package dev.atelier.server.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.atelier.identity.SingleSignOn;
import dev.atelier.jobs.FileSystems;
import dev.atelier.kernel.AccountId;
import dev.atelier.training.SpotMarket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The configuration file: JSON with comments; an unknown key stops the start. Every key may be left out.
 *
 * @param defaultAccount the account made at the first start
 * @param accounts users with fixed keys, roles and buckets, applied at every start: creates and updates what it names,
 *     deletes nothing
 * @param capacity what jobs may use of this machine
 * @param sandboxUids first and last host user id of sandboxes, as {@code 200000-265535}, when started as root
 * @param egress what sandboxes reach beside Atelier: {@code none}, {@code indexes} (package indexes) or {@code internet}
 * @param egressAllow hosts or networks reachable although they are private
 * @param images image URI (without account and region) to the image whose recipe it shall run
 * @param packageIndexes extra package indexes for Python environments, tried in order
 * @param sampleBuckets a folder {@code <bucket>/<key>} of public sample data, read from the configuration file's
 *     folder when relative; null for none
 * @param utilisationSeconds how often the utilisation of jobs and endpoints is read; 60 unless set
 * @param trustedCertificates PEM files of authorities that the server's own calls believe beside the public ones, read
 *     from the configuration file's folder when relative
 * @param scrub how content on disk is re-read and compared
 * @param lifecycle when S3's lifecycle rules and ECR's lifecycle policies are applied
 * @param encryptByDefault whether S3 encrypts (SSE-S3) what neither the request nor the bucket says how to encrypt; not
 *     unless set
 * @param signIn OpenID Connect issuers whose people may sign in at the console
 * @param spot when training on spot instances is interrupted, and its price
 * @param fileSystems where file systems lie that channels name by their ids, such as {@code fs-0123456789abcdef0}; from
 *     the configuration file's folder when relative
 * @param containers what runs images that were pushed to ECR
 */
public record ServerConfig(
    String defaultAccount,
    List<Account> accounts,
    Capacity capacity,
    String sandboxUids,
    String egress,
    List<String> egressAllow,
    Map<String, String> images,
    List<String> packageIndexes,
    String sampleBuckets,
    Integer utilisationSeconds,
    List<String> trustedCertificates,
    Scrub scrub,
    Lifecycle lifecycle,
    Boolean encryptByDefault,
    List<SignOn> signIn,
    Spot spot,
    Map<String, String> fileSystems,
    Containers containers) {

  private static final ObjectMapper JSON = JsonMapper.builder()
      .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
      .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  public ServerConfig {
    defaultAccount = defaultAccount == null ? "123456789012" : defaultAccount;
    accounts = accounts == null ? List.of() : List.copyOf(accounts);
    capacity = capacity == null ? new Capacity(null, null, null, null, null, null) : capacity;
    sandboxUids = sandboxUids == null ? "200000-265535" : sandboxUids;
    egress = egress == null ? "internet" : egress;
    egressAllow = egressAllow == null ? List.of() : List.copyOf(egressAllow);
    images = images == null ? Map.of() : Map.copyOf(images);
    packageIndexes = packageIndexes == null ? List.of() : List.copyOf(packageIndexes);
    utilisationSeconds = utilisationSeconds == null ? 60 : utilisationSeconds;
    trustedCertificates = trustedCertificates == null ? List.of() : List.copyOf(trustedCertificates);
    encryptByDefault = encryptByDefault != null && encryptByDefault;
    signIn = signIn == null ? List.of() : List.copyOf(signIn);
    if (signIn.stream().map(SignOn::id).distinct().count() < signIn.size()) {
      throw new IllegalArgumentException("signIn: two issuers have one id");
    }
    lifecycle = lifecycle == null ? new Lifecycle(null, null) : lifecycle;
    fileSystems = fileSystems == null ? Map.of() : Map.copyOf(fileSystems);
    containers = containers == null ? new Containers(null) : containers;
    spot = spot == null ? new Spot(null, null, null) : spot;
    if (utilisationSeconds < 1 || utilisationSeconds > 3600) {
      throw new IllegalArgumentException("utilisationSeconds must be from 1 to 3600");
    }
    scrub = scrub == null ? new Scrub(null, null) : scrub;
    if (!defaultAccount.matches("\\d{12}")) {
      throw new IllegalArgumentException("defaultAccount must be twelve digits");
    }
    if (!sandboxUids.matches("\\d{1,9}-\\d{1,9}")) {
      throw new IllegalArgumentException("sandboxUids must be two numbers, such as 200000-265535");
    }
    if (sampleBuckets != null && (sampleBuckets.isEmpty() || sampleBuckets.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("sampleBuckets must be the path of a folder");
    }
    if (!List.of("none", "indexes", "internet").contains(egress)) {
      throw new IllegalArgumentException("egress must be none, indexes or internet");
    }
  }

  /**
   * One account.
   *
   * @param id twelve digits
   */
  public record Account(String id, List<User> users, List<Role> roles, List<Bucket> buckets) {
    public Account {
      users = users == null ? List.of() : List.copyOf(users);
      roles = roles == null ? List.of() : List.copyOf(roles);
      buckets = buckets == null ? List.of() : List.copyOf(buckets);
    }
  }

  /**
   * A user with a fixed key.
   *
   * @param policies ARNs of managed policies
   * @param email shown as the owner's in S3's ACLs
   * @param displayName the owner's display name in S3's ACLs
   */
  public record User(
      String name,
      @JsonProperty("access_key_id") String accessKeyId,
      @JsonProperty("secret_access_key") String secretAccessKey,
      List<String> policies,
      String email,
      @JsonProperty("display_name") String displayName) {
    public User {
      policies = policies == null ? List.of() : List.copyOf(policies);
    }

    @Override
    public String toString() {
      return "User[" + name + "]";
    }
  }

  /**
   * A role.
   *
   * @param path begins and ends with a slash
   * @param trust service principals and account ids that may assume it
   */
  public record Role(String name, String path, List<String> trust, List<String> policies) {
    public Role {
      path = path == null ? "/" : path;
      trust = trust == null ? List.of() : List.copyOf(trust);
      policies = policies == null ? List.of() : List.copyOf(policies);
    }
  }

  /** A bucket with its first objects. */
  public record Bucket(String name, String region, List<TextObject> objects) {
    public Bucket {
      region = region == null ? "us-east-1" : region;
      objects = objects == null ? List.of() : List.copyOf(objects);
    }
  }

  /**
   * Container engines.
   *
   * @param engine {@code auto} for the one of this machine, {@code none}, or the path of an engine's socket
   */
  public record Containers(String engine) {
    public Containers {
      engine = engine == null ? "auto" : engine;
      if (!List.of("auto", "none").contains(engine) && (!engine.startsWith("/") || engine.indexOf('\0') >= 0)) {
        throw new IllegalArgumentException("containers.engine must be auto, none or the path of a socket");
      }
    }
  }

  /** An object that holds a text. */
  public record TextObject(String key, String text) {}

  /**
   * When S3's lifecycle rules and ECR's lifecycle policies are applied.
   *
   * @param everySeconds from the end of one pass over all buckets, or repositories, to the next; an hour unless set
   * @param clockOffsetDays how far the rules' clock is ahead, to try rules out; 0 unless set
   */
  public record Lifecycle(Integer everySeconds, Integer clockOffsetDays) {
    public Lifecycle {
      everySeconds = everySeconds == null ? 3600 : everySeconds;
      clockOffsetDays = clockOffsetDays == null ? 0 : clockOffsetDays;
      if (everySeconds < 1 || everySeconds > 86_400) {
        throw new IllegalArgumentException("lifecycle.everySeconds must be from 1 to 86400");
      }
      if (clockOffsetDays < 0 || clockOffsetDays > 36_500) {
        throw new IllegalArgumentException("lifecycle.clockOffsetDays must be from 0 to 36500");
      }
    }
  }

  /**
   * What jobs may use of this machine.
   *
   * @param cpus cores that may be given out; all of them unless set
   * @param memoryGiB memory that may be given out; all but 1 GiB unless set
   * @param gpus GPUs that may be given out; all of them unless set
   * @param oversize {@code cap}: an instance type larger than the machine shrinks to it, and says so; {@code refuse}:
   *     it is refused
   * @param gpuAbsent what a GPU instance type does on a machine that has none for it: {@code fail}, {@code cpu} or {@code wait}
   * @param orphanTimeoutHours how long a sandbox lives on without a server
   */
  public record Capacity(
      Double cpus, Double memoryGiB, Integer gpus, String oversize, String gpuAbsent, Integer orphanTimeoutHours) {
    public Capacity {
      oversize = oversize == null ? "cap" : oversize;
      gpuAbsent = gpuAbsent == null ? "fail" : gpuAbsent;
      orphanTimeoutHours = orphanTimeoutHours == null ? 24 : orphanTimeoutHours;
      if (gpus != null && gpus < 0) {
        throw new IllegalArgumentException("capacity.gpus must not be negative");
      }
      if (!List.of("cap", "refuse").contains(oversize)) {
        throw new IllegalArgumentException("capacity.oversize must be cap or refuse");
      }
      if (!List.of("fail", "cpu", "wait").contains(gpuAbsent)) {
        throw new IllegalArgumentException("capacity.gpuAbsent must be fail, cpu or wait");
      }
    }
  }

  /**
   * How content on disk is re-read and compared with what was stored.
   *
   * @param everyDays days from the end of a pass to the next; 0 for never
   * @param mebibytesPerSecond how much is read at most
   */
  public record Scrub(Integer everyDays, Integer mebibytesPerSecond) {
    public Scrub {
      everyDays = everyDays == null ? 7 : everyDays;
      mebibytesPerSecond = mebibytesPerSecond == null ? 16 : mebibytesPerSecond;
      if (everyDays < 0 || mebibytesPerSecond < 1) {
        throw new IllegalArgumentException("scrub.everyDays must be 0 or more, scrub.mebibytesPerSecond 1 or more");
      }
    }
  }

  /**
   * The market of spot instances, as jobs are to find it.
   *
   * @param perHour how often a running job is interrupted on average
   * @param afterSeconds when each job's first attempts are interrupted, in seconds of their running
   * @param priceRatio the price as a part of the full one
   */
  public record Spot(Double perHour, List<Integer> afterSeconds, Double priceRatio) {
    public Spot {
      perHour = perHour == null ? SpotMarket.CALM.perHour() : perHour;
      afterSeconds = afterSeconds == null ? List.of() : List.copyOf(afterSeconds);
      priceRatio = priceRatio == null ? SpotMarket.CALM.priceRatio() : priceRatio;
      market(perHour, afterSeconds, priceRatio);
    }

    /** As training takes it. */
    public SpotMarket market() {
      return market(perHour, afterSeconds, priceRatio);
    }

    private static SpotMarket market(double perHour, List<Integer> afterSeconds, double priceRatio) {
      return new SpotMarket(perHour, afterSeconds, priceRatio);
    }
  }

  /**
   * The issuers of {@code signIn}, with their secrets.
   *
   * @throws ConfigException when a secret cannot be read
   */
  public List<SingleSignOn.Provider> issuers() {
    return signIn.stream().map(each -> each.provider(defaultAccount)).toList();
  }

  /** The file systems as jobs find them. */
  public FileSystems mounted() {
    return new FileSystems(fileSystems.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> Path.of(each.getValue()))));
  }

  /** Everything at its default. */
  public static ServerConfig defaults() {
    return new ServerConfig(null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null);
  }

  /** The accounts of users by their e-mail address in lower case. */
  public Map<String, AccountId> emails() {
    Map<String, AccountId> emails = new HashMap<>();
    accounts.forEach(account -> account.users().stream().filter(user -> user.email() != null).forEach(user ->
        emails.put(user.email().toLowerCase(Locale.ROOT), new AccountId(account.id()))));
    return emails;
  }

  /**
   * Reads the file.
   *
   * @throws ConfigException with a sentence that names the file and what is wrong
   */
  public static ServerConfig read(Path file) {
    try {
      return JSON.readValue(Files.readString(file), ServerConfig.class).readIn(file.toAbsolutePath().getParent());
    } catch (UnrecognizedPropertyException e) {
      throw new ConfigException(file + ": unknown key \"" + e.getPropertyName() + "\" at " + path(e)
          + "; known here: " + e.getKnownPropertyIds());
    } catch (JsonMappingException e) {
      throw new ConfigException(file + ": " + reason(e) + " at " + path(e));
    } catch (JsonProcessingException e) {
      throw new ConfigException(file + ": not valid JSON: " + e.getOriginalMessage() + " at line "
          + e.getLocation().getLineNr());
    } catch (IOException e) {
      throw new ConfigException("cannot read the configuration file " + file + ": " + e.getClass().getSimpleName());
    }
  }

  private ServerConfig readIn(Path folder) {
    return new ServerConfig(defaultAccount, accounts, capacity, sandboxUids, egress, egressAllow, images,
        packageIndexes, sampleBuckets == null ? null : folder.resolve(sampleBuckets).normalize().toString(),
        utilisationSeconds,
        trustedCertificates.stream().map(each -> folder.resolve(each).normalize().toString()).toList(), scrub,
        lifecycle, encryptByDefault, signIn.stream().map(each -> each.readIn(folder)).toList(), spot,
        fileSystems.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
            each -> folder.resolve(each.getValue()).normalize().toString())), containers);
  }

  private static String reason(JsonMappingException e) {
    return e.getCause() == null ? e.getOriginalMessage() : e.getCause().getMessage();
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference each : e.getPath()) {
      path.append(each.getFieldName() == null ? "[" + each.getIndex() + "]"
          : (path.isEmpty() ? "" : ".") + each.getFieldName());
    }
    return path.isEmpty() ? "the top" : path.toString();
  }
}

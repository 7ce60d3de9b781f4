package dev.atelier.training;

import dev.atelier.compute.Feed;
import dev.atelier.compute.Feed.Piece;
import dev.atelier.compute.Mount;
import dev.atelier.jobs.AugmentedManifest;
import dev.atelier.jobs.FileSystems;
import dev.atelier.jobs.InputFiles;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.jobs.S3Location;
import dev.atelier.jobs.StagedFiles;
import dev.atelier.jobs.StagingArea;
import dev.atelier.models.sagemaker.Channel;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.FileSystemDataSource;
import dev.atelier.models.sagemaker.S3DataSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The channels of a job as its hosts see them. What their objects hold is linked, never copied. */
final class Channels {
  static final String DATA = TrainingWorkload.ROOT + "/input/data";

  private final TrainingJob job;
  private final RoleObjects objects;
  private final FileSystems fileSystems;
  private final StagingArea.Folder folder;
  private final boolean packs;
  private final Map<S3Location, Path> links = new HashMap<>();

  private Channels(TrainingJob job, RoleObjects objects, FileSystems fileSystems, StagingArea.Folder folder,
      boolean packs) {
    this.packs = packs;
    this.job = job;
    this.objects = objects;
    this.fileSystems = fileSystems;
    this.folder = folder;
  }

  /** Fails as CreateTrainingJob does when a channel has no data that the role can see. */
  static void check(TrainingJob job, RoleObjects objects, FileSystems fileSystems) {
    for (Channel channel : job.request().inputDataConfig()) {
      S3DataSource source = channel.dataSource().s3DataSource();
      if (source == null) {
        folder(fileSystems, channel.dataSource().fileSystemDataSource());
      } else if (augmented(source)) {
        new AugmentedManifest(objects).each(S3Location.parse(source.s3Uri()), source.attributeNames(), line -> { });
      } else {
        new InputFiles(objects).check(source.s3DataType(), source.s3Uri());
      }
    }
  }

  /**
   * Links the channels' objects into a folder, and gives each host's mounts, in order of place.
   *
   * @param packs whether the hosts can have packed files
   */
  static List<List<Mount>> mounts(TrainingJob job, RoleObjects objects, FileSystems fileSystems,
      StagingArea.Folder folder, boolean packs) {
    return new Channels(job, objects, fileSystems, folder, packs).mounts();
  }

  private static boolean augmented(S3DataSource source) {
    return source.s3DataType().equals("AugmentedManifestFile");
  }

  static boolean concerns(CreateTrainingJobRequest request, Channel channel, int place) {
    S3DataSource source = channel.dataSource().s3DataSource();
    return source == null || Cluster.of(request.resourceConfig()).places(source.instanceGroupNames()).contains(place);
  }

  private List<List<Mount>> mounts() {
    List<List<Mount>> mounts = new ArrayList<>();
    List<List<Feed>> feeds = new ArrayList<>();
    for (int host = 0; host < job.hosts(); host++) {
      mounts.add(new ArrayList<>());
      feeds.add(new ArrayList<>());
    }
    for (Channel channel : job.request().inputDataConfig()) {
      S3DataSource source = channel.dataSource().s3DataSource();
      if (source == null) {
        Mount shared = shared(channel);
        mounts.forEach(each -> each.add(shared));
        continue;
      }
      boolean pipe = ChannelRules.mode(job.request(), channel).equals("Pipe");
      List<Integer> places = job.cluster().places(source.instanceGroupNames());
      if (pipe) {
        List<List<Piece>> entries = entries(channel, source);
        places.forEach(host -> feeds.get(host).add(feed(channel, source, entries, places.indexOf(host), places.size())));
      } else {
        List<Mount> parts = files(source, DATA + "/" + channel.channelName(), places.size());
        places.forEach(host -> mounts.get(host).add(parts.get(places.indexOf(host) % parts.size())));
      }
    }
    for (int host = 0; host < job.hosts(); host++) {
      if (!feeds.get(host).isEmpty()) {
        mounts.get(host).add(new Mount.Feeds(DATA, feeds.get(host)));
      }
    }
    return mounts;
  }

  /** What the hosts of a channel in File mode have: each its own, or all the same. */
  private List<Mount> files(S3DataSource source, String inside, int hosts) {
    int parts = "ShardedByS3Key".equals(source.s3DataDistributionType()) ? hosts : 1;
    try (StagedFiles files = new StagedFiles(parts, folder, packs, this::link)) {
      new InputFiles(objects).each(source.s3DataType(), source.s3Uri(), files::add);
      return files.mounts(inside);
    }
  }

  private Path link(InputFiles.Found file) {
    return links.computeIfAbsent(file.object(), fresh -> {
      Path link = folder.next();
      file.link().accept(link);
      return link;
    });
  }

  private Path link(S3Location object) {
    return links.computeIfAbsent(object, fresh -> {
      Path link = folder.next();
      objects.link(fresh, link);
      return link;
    });
  }

  private List<List<Piece>> entries(Channel channel, S3DataSource source) {
    boolean gzip = "Gzip".equals(channel.compressionType());
    List<List<Piece>> entries = new ArrayList<>();
    if (augmented(source)) {
      new AugmentedManifest(objects).each(S3Location.parse(source.s3Uri()), source.attributeNames(), line ->
          entries.add(line.stream().map(value -> switch (value) {
            case AugmentedManifest.Value.Object object -> (Piece) new Piece.Content(link(object.location()), gzip);
            case AugmentedManifest.Value.Text text -> new Piece.Text(text.text());
          }).toList()));
    } else {
      new InputFiles(objects).each(source.s3DataType(), source.s3Uri(), file ->
          entries.add(List.of(new Piece.Content(link(file), gzip))));
    }
    return entries;
  }

  private Feed feed(Channel channel, S3DataSource source, List<List<Piece>> entries, int place, int places) {
    boolean sharded = "ShardedByS3Key".equals(source.s3DataDistributionType());
    boolean shuffled = channel.shuffleConfig() != null;
    return new Feed(channel.channelName(), entries, "RecordIO".equals(channel.recordWrapperType()), shuffled,
        shuffled ? channel.shuffleConfig().seed() : 0, sharded ? place : 0, sharded ? places : 1);
  }

  private Mount shared(Channel channel) {
    FileSystemDataSource source = channel.dataSource().fileSystemDataSource();
    return new Mount.Folder(DATA + "/" + channel.channelName(), folder(fileSystems, source),
        source.fileSystemAccessMode().equals("ro"));
  }

  private static Path folder(FileSystems fileSystems, FileSystemDataSource source) {
    return fileSystems.folder(source.fileSystemId(), source.directoryPath());
  }
}

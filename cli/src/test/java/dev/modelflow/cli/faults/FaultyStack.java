package dev.modelflow.cli.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The stack in containers with everything that can be done to it. */
final class FaultyStack {
  private static final List<String> SERVICES =
      List.of("web", "worker-cpu", "worker-gpu", "temporal", "postgres", "minio", "toxiproxy");
  private static final Map<String, Integer> WHOLE =
      Map.of("web", 1, "worker-cpu", 1, "worker-gpu", 2, "temporal", 1, "postgres", 1, "minio", 1);
  private static final String KEEPER = "toxiproxy";

  private final Docker docker;
  private final Links links;
  private final Http relay;
  private final Past past;

  /**
   * A stack that is up.
   *
   * @param backups folder for backups of its ledger
   */
  FaultyStack(StackAddress address, Path backups) {
    this.past = new Past(new Compose(), backups);
    this.docker = new Docker(address.project());
    this.links = new Links(address.linksPort());
    this.relay = new Http(address.relayPort());
  }

  /** What is between the services. */
  Links links() {
    return links;
  }

  /** Backups of the ledger. */
  Past past() {
    return past;
  }

  /** SIGKILL, of all at once. */
  void kill(Set<Victim> victims, int which) {
    List<ProcessHandle> condemned = victims.stream().map(victim -> find(victim, which)).toList();
    condemned.forEach(ProcessHandle::destroyForcibly);
  }

  private ProcessHandle find(Victim victim, int which) {
    if (victim == Victim.TRAINER) {
      return docker.containers(victim.service()).stream()
          .flatMap(container -> docker.process(container).children())
          .findFirst()
          .orElseThrow(() -> new NothingToDisturbException("No trainer runs"));
    }
    return docker.process(container(victim.service(), which));
  }

  private String container(String service, int which) {
    List<String> all = docker.containers(service);
    if (all.isEmpty()) {
      throw new NothingToDisturbException(service + " does not run");
    }
    return all.get(which % all.size());
  }

  /** Sets how the store answers from now on. */
  void store(double share, Duration delay) {
    relay.send(
        "PUT", String.format(Locale.ROOT, "/?share=%.2f&delay=%dms", share, delay.toMillis()), "");
  }

  /** Takes all room on a disk. */
  void fill(Disk disk) {
    for (String container : docker.containers(disk.service())) {
      // It ends with an error, because it ends when there is no room.
      docker.inside(container, "dd if=/dev/zero of=%s bs=1M 2>/dev/null".formatted(disk.ballast()));
    }
  }

  /** Gives the room back. */
  void empty(Disk disk) {
    docker
        .containers(disk.service())
        .forEach(container -> docker.inside(container, "rm -f " + disk.ballast()));
  }

  /** Stops a worker with its trainer where they are. */
  void pause(String service, int which) {
    docker.pause(container(service, which));
  }

  /** Lets every paused container of a service go on. */
  void resume(String service) {
    docker.containers(service).forEach(docker::resume);
  }

  /** Sets a service's clock apart from the machine's. */
  void clock(String service, Duration by) {
    // In place: the programs have the file in their memory.
    docker.inside(
        container(KEEPER, 0),
        "printf '%%+010d\\n' %d 1<>/opt/clock/%s".formatted(by.toSeconds(), service));
  }

  /** Removes all inputs that workers keep, so that the next attempts fetch them. */
  void forgetCache() {
    docker.inside(container(KEEPER, 0), "rm -rf /mnt/cache/??");
  }

  /** The services that are not well, of those that say so. */
  List<String> ill() {
    return WHOLE.entrySet().stream()
        .filter(service -> docker.healthy(service.getKey()) < service.getValue())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Ends every disturbance. */
  void heal() {
    links.reset();
    store(0, Duration.ZERO);
    Stream.of(Disk.values()).forEach(this::empty);
    for (String service : List.of("web", "worker-cpu", "worker-gpu")) {
      resume(service);
      clock(service, Duration.ZERO);
    }
  }

  /** Writes what every container said into files of {@code folder}. */
  List<Path> collectLogs(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (String service : SERVICES) {
      for (String container : docker.containers(service)) {
        Path file = folder.resolve(container + ".log");
        docker.logs(container, file);
        files.add(file);
      }
    }
    return files;
  }
}

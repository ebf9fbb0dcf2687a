package dev.modelflow.cli.bench.objects;

import dev.modelflow.cli.server.Settings;
import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.objects.ArtifactCache;
import dev.modelflow.objects.Folders;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.objects.Uploads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Uploads and downloads a checkpoint, as a process of its own whose heap can be small: by turns as
 * the platform does and with the store's own client. Prints one line for each: who, which way, and
 * seconds.
 */
public final class ObjectProbe {
  /** What begins a line of results. */
  static final String RESULT = "took";

  private static final long SEED = 5;

  private ObjectProbe() {}

  /**
   * Measures.
   *
   * @param arguments a folder of its own, the checkpoint's bytes, and how many rounds
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    long bytes = Long.parseLong(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    ObjectStoreConfig config = new Settings(System.getenv()).objects();
    try (ObjectStore store = ObjectStore.open(config);
        PlainClient client = new PlainClient(config)) {
      for (int round = 0; round < rounds; round++) {
        new ObjectProbe().round(folder, bytes, SEED + 2L * round, round, store, client);
      }
    }
  }

  /** Who goes first changes with every round. */
  private void round(
      Path folder, long bytes, long seed, int round, ObjectStore store, PlainClient client)
      throws Exception {
    Path source = Files.createDirectories(folder.resolve("source"));
    CheckpointFiles.write(source, bytes, seed);
    List<Path> files =
        List.of(source.resolve("model.safetensors"), source.resolve("optimizer.safetensors"));
    List<Manifest> made = new ArrayList<>();
    byTurns(
        round,
        () ->
            timed(
                "platform",
                "upload",
                () ->
                    made.add(new Uploads(store).upload(source, ArtifactKind.CHECKPOINT, Map.of()))),
        () -> timed("client", "upload", () -> client.upload(files)));
    Folders.delete(source);
    Manifest manifest = made.getFirst();
    byTurns(
        round,
        () ->
            timed(
                "platform",
                "download",
                () ->
                    new ArtifactCache(folder.resolve("cache"), Long.MAX_VALUE / 2, store)
                        .materialise(manifest, folder.resolve("laid-out"))),
        () -> timed("client", "download", () -> client.download(files, folder)));
    Folders.delete(folder.resolve("laid-out"));
    Folders.delete(folder.resolve("cache"));
    client.remove(files, manifest.files().stream().map(ManifestFile::sha256).toList());
  }

  private interface Work {
    void doIt() throws Exception;
  }

  private static void byTurns(int round, Work platform, Work client) throws Exception {
    (round % 2 == 0 ? platform : client).doIt();
    (round % 2 == 0 ? client : platform).doIt();
  }

  private static void timed(String who, String way, Work work) throws Exception {
    long began = System.nanoTime();
    work.doIt();
    System.out.println(RESULT + " " + who + " " + way + " " + (System.nanoTime() - began) / 1e9);
  }
}

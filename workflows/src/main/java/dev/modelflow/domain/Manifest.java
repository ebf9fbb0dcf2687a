package dev.modelflow.domain;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an artifact consists of. Holds nothing that differs between two runs of the same work (no
 * time, no host, no attempt), so that equal work has an equal {@link #id}.
 *
 * @param kind what the artifact is
 * @param files sorted by path, no path twice
 * @param properties facts that readers need without opening a file, e.g. {@code step} and {@code
 *     tokens} of a checkpoint; part of the identity
 */
public record Manifest(
    ArtifactKind kind, List<ManifestFile> files, Map<String, String> properties) {
  /** Sorts the files; throws {@link IllegalArgumentException} when a path stands twice. */
  public Manifest {
    files = files.stream().sorted(Comparator.comparing(ManifestFile::path)).toList();
    properties = Map.copyOf(properties);
    Set<String> seen = new HashSet<>();
    for (ManifestFile file : files) {
      if (!seen.add(file.path())) {
        throw new IllegalArgumentException("Path '" + file.path() + "' stands twice in a manifest");
      }
    }
  }

  /** The artifact's id: the digest of the manifest's canonical JSON. */
  public Digest id() {
    return Digest.of(canonicalJson());
  }

  /** The manifest as canonical JSON, the bytes that {@link #id} is the digest of. */
  public String canonicalJson() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("kind", kind.word());
    tree.put("properties", properties);
    tree.put(
        "files",
        files.stream()
            .map(
                file ->
                    Map.of("path", file.path(), "size", file.size(), "sha256", file.sha256().hex()))
            .toList());
    return CanonicalJson.write(tree);
  }

  /** The sum of the files' sizes in bytes. */
  public long totalSize() {
    return files.stream().mapToLong(ManifestFile::size).sum();
  }
}

package dev.modelflow.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final ManifestFile A = new ManifestFile("a.txt", 1, Digest.of("a"));
  private static final ManifestFile B = new ManifestFile("dir/b.txt", 1, Digest.of("b"));

  @Test
  void theOrderInWhichFilesWereFoundDoesNotChangeTheId() {
    assertThat(new Manifest(ArtifactKind.CORPUS, List.of(B, A), Map.of("x", "1", "y", "2")).id())
        .isEqualTo(
            new Manifest(ArtifactKind.CORPUS, List.of(A, B), Map.of("y", "2", "x", "1")).id());
  }

  @Test
  void anotherKindIsAnotherArtifact() {
    assertThat(new Manifest(ArtifactKind.CORPUS, List.of(A), Map.of()).id())
        .isNotEqualTo(new Manifest(ArtifactKind.RELEASE, List.of(A), Map.of()).id());
  }

  @Test
  void canonicalJsonIsSortedAndTight() {
    assertThat(new Manifest(ArtifactKind.CORPUS, List.of(A), Map.of("n", "1")).canonicalJson())
        .isEqualTo(
            "{\"files\":[{\"path\":\"a.txt\",\"sha256\":\""
                + Digest.of("a")
                + "\",\"size\":1}],\"kind\":\"corpus\",\"properties\":{\"n\":\"1\"}}");
  }

  @Test
  void refusesAPathTwice() {
    assertThatThrownBy(() -> new Manifest(ArtifactKind.CORPUS, List.of(A, A), Map.of()))
        .hasMessage("Path 'a.txt' stands twice in a manifest");
  }

  @Test
  void refusesAPathThatLeavesTheArtifact() {
    assertThatThrownBy(() -> new ManifestFile("../etc/passwd", 1, Digest.of("a")))
        .hasMessage("'../etc/passwd' is not a relative path inside an artifact");
  }
}

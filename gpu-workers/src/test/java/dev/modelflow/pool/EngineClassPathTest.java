package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class EngineClassPathTest {
  private static final String HERE = System.getProperty("java.class.path");

  @Test
  void leavesOutWhatNoTrainerUses() {
    String all =
        String.join(
            File.pathSeparator,
            "/app/modelflow-db-0.1.0.jar",
            "/lib/spring-core-7.0.10.jar",
            "/lib/jackson-databind-3.1.7.jar",
            "/lib/jackson-dataformat-xml-3.1.7.jar",
            "/work/target/classes");
    assertThat(EngineClassPath.of(all).split(File.pathSeparator))
        .containsExactly(
            "/app/modelflow-db-0.1.0.jar",
            "/lib/jackson-databind-3.1.7.jar",
            "/work/target/classes");
  }

  @Test
  void keepsTheOrderAndEveryNativeLibrary() {
    List<String> all = Arrays.asList(HERE.split(File.pathSeparator));
    List<String> kept = Arrays.asList(EngineClassPath.of(HERE).split(File.pathSeparator));

    assertThat(all).containsSubsequence(kept).hasSizeGreaterThan(2 * kept.size());
    assertThat(kept)
        .containsAll(
            all.stream()
                .filter(it -> it.contains("linux-x86_64") && !it.contains("postgres"))
                .toList());
    assertThat(kept).contains(placeOf(torch.class), placeOf(dnnl.class), placeOf(JsonMapper.class));
  }

  @Test
  void keepsEveryFolder() {
    List<String> kept = Arrays.asList(EngineClassPath.of(HERE).split(File.pathSeparator));
    Stream<String> folders =
        Arrays.stream(HERE.split(File.pathSeparator)).filter(it -> Files.isDirectory(Path.of(it)));
    assertThat(folders).isNotEmpty().allMatch(kept::contains);
  }

  private static String placeOf(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }
}

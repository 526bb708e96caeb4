package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a real YARN, with two node managers, in both deploy modes, bits are the same. */
@Tag("slow")
class YarnIT {
  private static final int NODES = 2;
  private static final int MOST_MILLIS = 60_000;

  @TempDir Path dir;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void theSolutionIsThatOfALocalRunInBothDeployModes() throws Exception {
    Path secret =
        Files.createFile(
            dir.resolve("secret"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, "thirty-two bytes that are no secret");
    Cli.Outcome alone = Cli.run(words("local", "local"));
    assertThat(alone.code()).describedAs("%s", alone).isZero();
    String local = solution("local");
    try (MiniYARNCluster cluster = new MiniYARNCluster("sotto", NODES, 1, 1)) {
      Path settings = start(cluster);
      for (String mode : List.of("client", "cluster")) {
        List<String> words = new ArrayList<>(options(mode));
        words.addAll(words(mode, "graphx"));
        Submit.run(
            dir.resolve(mode + ".log"), words, Map.of("HADOOP_CONF_DIR", settings.toString()));
        assertThat(solution(mode)).describedAs(mode).isEqualTo(local);
      }
      assertThat(cluster.getResourceManager().getRMContext().getRMApps().values())
          .hasSize(2)
          .allSatisfy(app -> assertThat(app.getFinalApplicationStatus()).hasToString("SUCCEEDED"));
    }
  }

  /** Starts it, and returns a folder with what clients need to know of it. */
  private Path start(MiniYARNCluster cluster) throws IOException, InterruptedException {
    YarnConfiguration settings = new YarnConfiguration();
    settings.set("yarn.scheduler.capacity.root.queues", "default");
    settings.set("yarn.scheduler.capacity.root.default.capacity", "100");
    settings.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
    settings.set("yarn.nodemanager.vmem-check-enabled", "false");
    // a disk that is nearly full is no reason to run nothing
    settings.set(
        "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "100");
    cluster.init(settings);
    cluster.start();
    assertThat(cluster.waitForNodeManagersToConnect(MOST_MILLIS)).isTrue();
    Path folder = Files.createDirectory(dir.resolve("hadoop"));
    try (OutputStream out = Files.newOutputStream(folder.resolve("yarn-site.xml"))) {
      cluster.getConfig().writeXml(out);
    }
    return folder;
  }

  private static List<String> options(String mode) {
    List<String> options = new ArrayList<>(List.of("--master", "yarn", "--deploy-mode", mode));
    for (String setting :
        List.of(
            "spark.yarn.jars=local:" + Submit.SPARK.resolve("jars") + "/*",
            "spark.yarn.maxAppAttempts=1",
            "spark.executor.instances=" + NODES,
            "spark.driver.memory=512m",
            "spark.executor.memory=512m")) {
      options.addAll(List.of("--conf", setting));
    }
    return options;
  }

  /** A driver in a container starts in a folder of its own: paths are whole. */
  private List<String> words(String name, String engine) {
    return List.of(
        "optimize",
        Submit.ROOT.resolve("conf/hospitals.conf").toString(),
        "data.path=" + Cli.HOSPITALS.toAbsolutePath().normalize(),
        "privacy.secret=" + dir.resolve("secret"),
        "stop.max-ticks=24",
        "algorithm.step.initial=44",
        "engine.name=" + engine,
        "output.path=" + dir.resolve(name));
  }

  private String solution(String name) throws IOException {
    return Cli.read(dir.resolve(name).resolve("solution.json"));
  }
}

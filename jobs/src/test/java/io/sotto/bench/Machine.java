package io.sotto.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where figures were measured.
 *
 * @param cpu the model
 * @param cores that this process may use
 * @param memory of the machine, in bytes
 * @param java the JVM and its version
 * @param os the operating system and its version
 */
record Machine(String cpu, int cores, long memory, String java, String os) {
  private static final String UNKNOWN = "unknown";

  /** This one. */
  static Machine here() throws IOException {
    return new Machine(
        model(),
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
  }

  private static String model() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(info)) {
      return UNKNOWN;
    }
    try (Stream<String> lines = Files.lines(info)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(UNKNOWN);
    }
  }

  /** In a line. */
  String text() {
    return String.format(
        Locale.ROOT, "%s, %d cores, %.0f GiB, %s, %s", cpu, cores, memory / 0x1p30, java, os);
  }

  /** The root of the checkout: what submit.sh says, else the folder above the module. */
  static Path home() {
    return Path.of(Objects.requireNonNullElse(System.getenv("SOTTO_HOME"), ".."))
        .toAbsolutePath()
        .normalize();
  }

  /** The commit of the checkout, with -dirty if a file of it was changed; or unknown. */
  static String commit() throws IOException, InterruptedException {
    if (!Files.exists(home().resolve(".git"))) {
      return UNKNOWN;
    }
    String head = git("rev-parse", "HEAD");
    if (head.equals(UNKNOWN)) {
      return UNKNOWN;
    }
    return git("status", "--porcelain", "--untracked-files=no").isEmpty() ? head : head + "-dirty";
  }

  private static String git(String... words) throws InterruptedException {
    String[] command = Stream.concat(Stream.of("git"), Stream.of(words)).toArray(String[]::new);
    Process process;
    String said;
    try {
      process =
          new ProcessBuilder(command)
              .directory(home().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) { // there is no git on this machine
      return UNKNOWN;
    }
    return process.waitFor() == 0 ? said.strip() : UNKNOWN;
  }
}

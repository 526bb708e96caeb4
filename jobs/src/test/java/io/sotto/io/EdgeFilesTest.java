package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.network.Delay;
import io.sotto.network.EdgeList;
import io.sotto.network.Links;
import io.sotto.network.MixingRules;
import io.sotto.network.Network;
import io.sotto.network.Schedule;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeFilesTest {
  private static final List<String> AGENTS = List.of("ann", "bob", "eve");

  @TempDir Path folder;

  private Network read(String text) throws IOException {
    return list(text).network(MixingRules.METROPOLIS);
  }

  private EdgeList list(String text) throws IOException {
    Files.writeString(folder.resolve("links.csv"), text);
    return EdgeFiles.read(Map.of("network.path", folder.toString()), AGENTS, Heard.HADOOP);
  }

  private static void assertSame(Network found, Network expected) {
    assertThat(found.offset()).isEqualTo(expected.offset());
    assertThat(found.heard()).isEqualTo(expected.heard());
    assertThat(found.weight()).isEqualTo(expected.weight());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src,dst\nann,bob\nbob,eve\n",
        "\uFEFFsrc,dst\r\neve,bob\r\n\r\n ann , bob \r\n",
        "\uFEFFsrc, dst\r\n ann, \"bob\"\r\nbob , eve\r\n",
        "dst,src\nann,bob\nbob,ann\n\"bob\",\"eve\"\n"
      })
  void aRowIsALinkBothWaysAndTheRuleGivesTheWeights(String text) throws IOException {
    Links path = Links.of(3, new int[] {0, 1}, new int[] {1, 2});
    assertSame(read(text), Network.of(path, MixingRules.METROPOLIS));
  }

  @Test
  void weightsAreTakenFromTheFile() throws IOException {
    assertSame(
        read("src,dst,weight\nann,bob,0.25\neve,bob,5e-1\n"),
        Network.of(3, new int[] {0, 2}, new int[] {1, 1}, new double[] {0.25, 0.5}, AGENTS::get));
  }

  @Test
  void linksOfAllFilesCount() throws IOException {
    Files.writeString(folder.resolve("more.csv"), "src,dst\nbob,eve\n");
    Links path = Links.of(3, new int[] {0, 1}, new int[] {1, 2});
    assertSame(read("src,dst\nann,bob\n"), Network.of(path, MixingRules.METROPOLIS));
  }

  @Test
  void oneAgentNeedsNoLink() throws IOException {
    Path file = Files.writeString(folder.resolve("one.csv"), "src,dst\n");
    Network one =
        EdgeFiles.read(Map.of("network.path", file.toString()), List.of("ann"), Heard.HADOOP)
            .network(MixingRules.METROPOLIS);
    assertThat(one.agents()).isEqualTo(1);
  }

  @Test
  void unknownAgentsAndAgentsWithoutLinkAreRefused() throws IOException {
    assertRefused("src,dst\nann,bob\nbob,evee\n", "links.csv:3", "'evee'", "maybe 'eve'");
    assertRefused("src,dst\nann,bob\n", "network.path", "'eve'", "has no link");
  }

  @Test
  void malformedFilesAreRefusedWithTheLine() throws IOException {
    assertRefused("from,to\nann,bob\n", "links.csv:1", "from,to", "src,dst");
    assertRefused("src,dst\nann,bob\nbob\n", "links.csv:3", "it has 1 fields, the header 2");
    assertRefused("src,dst\nann,bob,1\n", "links.csv:2", "it has 3 fields, the header 2");
    assertRefused("src,dst\nann,bob\nbob,\"eve\"x\n", "links.csv:3");
    for (String weight : List.of("0", "-0.1", "1.5", "NaN", "x", "")) {
      assertRefused(
          "src,dst,weight\nann,bob,0.5\nbob,eve," + weight + "\n",
          "links.csv:3",
          "the weight is '" + weight + "'");
    }
  }

  @Test
  void weightsInSomeFilesOnlyAreRefused() throws IOException {
    Files.writeString(folder.resolve("more.csv"), "src,dst,weight\nbob,eve,0.5\n");
    assertRefused("src,dst\nann,bob\n", "network.path", "Give all or none.");
  }

  @Test
  void weightsThatMakeNoMixingAreRefusedWithThePath() throws IOException {
    assertRefused("src,dst,weight\nann,bob,0.6\nbob,eve,0.6\n", "network.path", "bob");
    assertRefused("src,dst,weight\nann,bob,0.3\nbob,ann,0.4\nbob,eve,0.3\n", "ann", "bob");
  }

  @Test
  void directedRowsAreLinksOneWay() throws IOException {
    assertSame(
        list("src,dst\nann,bob\nbob,eve\neve,ann\nann,eve\n").directed(),
        Network.directed(3, new int[] {0, 1, 2, 0}, new int[] {1, 2, 0, 2}, AGENTS::get));
    assertThatThrownBy(() -> list("src,dst\nann,bob\nbob,eve\n").directed())
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("network.path", "no way from agent bob to agent ann");
    assertThatThrownBy(() -> list("src,dst,weight\nann,bob,0.3\nbob,eve,0.3\n").directed())
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("network.path", "network.directed", "column weight");
  }

  @Test
  void delaysAreTakenFromTheFile() throws IOException {
    EdgeList list = list("src,dst,delay\nann,bob,3\neve,bob,0\n");
    assertThat(list.hasDelays()).isTrue();
    assertThat(list.delay(false).links())
        .containsExactly(Delay.link(0, 1), Delay.link(1, 0), Delay.link(1, 2), Delay.link(2, 1));
    assertThat(list.delay(false).ticks()).containsExactly(3, 3, 0, 0);
    assertThat(list.delay(true).links()).containsExactly(Delay.link(0, 1), Delay.link(2, 1));
    for (String delay : List.of("-1", "1.5", "100001", "x", "")) {
      assertRefused(
          "src,dst,delay\nann,bob,1\nbob,eve," + delay + "\n",
          "links.csv:3",
          "the delay is '" + delay + "'");
    }
    assertThatThrownBy(() -> list("src,dst,delay\nann,bob,1\nbob,ann,2\nbob,eve,1\n").delay(false))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("network.path", "bob", "ann", "1 and 2");
  }

  @Test
  void listsTakeTurns() throws IOException {
    Path day = Files.writeString(folder.resolve("day.csv"), "src,dst\nann,bob\n");
    Path night = Files.writeString(folder.resolve("night.csv"), "src,dst\neve,bob\n");
    Map<String, String> paths = new LinkedHashMap<>();
    paths.put("network.schedule[0].path", day.toString());
    paths.put("network.schedule[1].path", night.toString());
    EdgeList list = EdgeFiles.read(paths, AGENTS, Heard.HADOOP);
    Schedule schedule = list.schedule(List.of(5L, 7L));
    assertThat(schedule.until()).containsExactly(5, 12);
    assertThat(schedule.links())
        .isDeepEqualTo(new long[][] {{Delay.link(0, 1)}, {Delay.link(1, 2)}});
    Links path = Links.of(3, new int[] {0, 1}, new int[] {1, 2});
    assertSame(list.network(MixingRules.METROPOLIS), Network.of(path, MixingRules.METROPOLIS));
    paths.remove("network.schedule[1].path");
    assertThatThrownBy(() -> EdgeFiles.read(paths, AGENTS, Heard.HADOOP))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("network.schedule[0].path", "'eve'", "has no link");
  }

  private void assertRefused(String text, String... parts) {
    assertThatThrownBy(() -> read(text))
        .as(text)
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(parts);
  }
}

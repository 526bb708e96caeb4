package io.sotto.config;

import io.sotto.model.Policy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes what PromptsReader reads, backwards. */
final class PromptsWriter {
  private PromptsWriter() {}

  /** The block data, for prompts. */
  static Map<String, Object> data(RunConfig.Data data, RunConfig.Prompts prompts) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("format", ConfigWriter.word(data.format()));
    prompts
        .check()
        .ifPresent(
            check -> {
              map.put("path", data.path());
              data.agent().ifPresent(agent -> map.put("agent", agent));
              map.put("check", ConfigWriter.word(check));
            });
    return map;
  }

  static Map<String, Object> tasks(TaskSet tasks) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (tasks.agents() == 0) { // files have them
      map.put("held-out", tasks.heldOut());
      return map;
    }
    if (tasks.own().isEmpty()) {
      map.put("agents", tasks.agents());
      map.put("kinds", kinds(tasks.kinds()));
    } else {
      map.put(
          "agents",
          tasks.own().stream()
              .map(
                  own -> {
                    Map<String, Object> block = new LinkedHashMap<>();
                    block.put("agent", own.agent());
                    block.put("kinds", kinds(own.kinds()));
                    return block;
                  })
              .toList());
    }
    map.put("held-out", tasks.heldOut());
    return map;
  }

  private static List<Map<String, Object>> kinds(List<TaskSet.Kind> kinds) {
    return kinds.stream()
        .map(
            kind -> {
              Map<String, Object> map = new LinkedHashMap<>();
              map.put("task", kind.task().name());
              map.putAll(kind.task().parameters());
              map.put("script", kind.script().word());
              map.put("weight", kind.weight());
              return map;
            })
        .toList();
  }

  /** How data are made, as what {@code data} and blocks of its own say. */
  static void making(RunConfig.Making making, Map<String, Object> map) {
    Map<String, Object> data = new LinkedHashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(map.get("data")))
        .forEach((key, value) -> data.put(String.valueOf(key), value));
    data.put("make", ConfigWriter.word(making.what()));
    map.put("data", data);
    making.tasks().ifPresent(tasks -> map.put("tasks", tasks(tasks)));
    making
        .web()
        .ifPresent(
            web -> {
              Map<String, Object> block = new LinkedHashMap<>();
              block.put("documents", web.documents());
              block.put("thoughts", web.responses().thoughts());
              block.put("right", web.responses().right());
              block.put("slip", web.responses().slip());
              block.put("mixed", web.responses().mixed());
              block.put("tidy", web.responses().tidy());
              map.put("web", block);
            });
    making
        .samples()
        .ifPresent(
            samples -> {
              Map<String, Object> block = new LinkedHashMap<>();
              block.put("of", samples.of());
              block.put("prompts", samples.prompts());
              block.put("each", samples.each());
              block.put("most", samples.most());
              block.put("temperature", samples.temperature());
              block.put("longest", samples.longest());
              block.put("rewrite", samples.rewritten());
              block.put("accuracy", samples.least().accuracy());
              block.put("format", samples.least().format());
              block.put("language", samples.least().language());
              block.put("preference", samples.least().preference());
              samples.preferred().ifPresent(output -> block.put("preferred", output));
              map.put("samples", block);
            });
    making
        .planted()
        .ifPresent(
            planted -> {
              Map<String, Object> block = new LinkedHashMap<>();
              block.put("agents", planted.agents());
              block.put("pairs", planted.rows() / 2);
              block.put("features", planted.features());
              block.put("noise", planted.noise());
              block.put("files", planted.files());
              map.put("planted", block);
            });
  }

  static Map<String, Object> policy(RunConfig.Prompts prompts) {
    Policy policy = prompts.policy();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("prompts", policy.prompts());
    map.put("group", policy.group());
    map.put("longest", policy.longest());
    map.put("temperature", policy.temperature());
    map.put("epochs", policy.epochs());
    map.put("epoch-step", policy.epochStep());
    map.put("clip", policy.clip());
    map.put("divergence", policy.divergence());
    map.put("renew", policy.renew());
    prompts.reference().ifPresent(reference -> map.put("reference", reference));
    Map<String, Object> reward = new LinkedHashMap<>();
    reward.put("accuracy", policy.weights().accuracy());
    reward.put("format", policy.weights().format());
    reward.put("language", policy.weights().language());
    reward.put("preference", policy.weights().preference());
    map.put("reward", reward);
    prompts.preference().ifPresent(preference -> map.put("preference", preference));
    map.put("over-deviation", policy.overDeviation());
    map.put("mean-over", policy.byToken() ? "token" : "response");
    map.put("norm", policy.norm());
    map.put("evaluated", policy.evaluated());
    return map;
  }
}

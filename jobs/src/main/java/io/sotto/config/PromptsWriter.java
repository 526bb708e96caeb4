package io.sotto.config;

import io.sotto.model.Policy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes what PromptsReader reads, backwards. */
final class PromptsWriter {
  private PromptsWriter() {}

  static Map<String, Object> tasks(RunConfig.TaskSet tasks) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (tasks.own().isEmpty()) {
      map.put("agents", tasks.agents());
      map.put("kinds", kinds(tasks.kinds()));
    } else {
      map.put(
          "agents",
          tasks.own().stream()
              .map(own -> Map.of("agent", own.agent(), "kinds", kinds(own.kinds())))
              .toList());
    }
    map.put("held-out", tasks.heldOut());
    return map;
  }

  private static List<Map<String, Object>> kinds(List<RunConfig.Kind> kinds) {
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
    prompts.reference().ifPresent(reference -> map.put("reference", reference));
    Map<String, Object> reward = new LinkedHashMap<>();
    reward.put("accuracy", policy.weights().accuracy());
    reward.put("format", policy.weights().format());
    reward.put("language", policy.weights().language());
    map.put("reward", reward);
    map.put("over-deviation", policy.overDeviation());
    map.put("mean-over", policy.byToken() ? "token" : "response");
    map.put("norm", policy.norm());
    map.put("evaluated", policy.evaluated());
    return map;
  }
}

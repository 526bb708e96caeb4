package io.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.problem.BadInputException;
import io.sotto.run.Wiring;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatesTest {
  /** In Berlin it is half past midnight of the day after, in Auckland half past twelve. */
  private static final Clock START =
      Clock.fixed(Instant.parse("2026-11-27T23:30:00Z"), ZoneOffset.UTC);

  private static final Dates TODAY = Dates.of(START, null);
  private static final Dates GIVEN = Dates.of(START, "2026-02-03");

  @Test
  void theDateStandsInAllPaths() {
    RunConfig config =
        Sample.load(
                GIVEN,
                Sample.MINIMAL,
                "data.path=hdfs://nn:9000/in/{date}/{a,b-{date}}/*.csv",
                "data.units=units-{date}.csv",
                "output.path=out/{date}",
                "checkpoint.path=saved/{date}",
                "privacy.secret=secret-{date}",
                "warm-start=out/{date}/first",
                "network={topology=edges, path=\"{date}.csv\"}")
            .config();
    assertThat(config.data().path())
        .isEqualTo("hdfs://nn:9000/in/2026-02-03/{a,b-2026-02-03}/*.csv");
    assertThat(config.data().units()).contains("units-2026-02-03.csv");
    assertThat(config.output().path()).isEqualTo("out/2026-02-03");
    assertThat(config.checkpoint().path()).contains("saved/2026-02-03");
    assertThat(config.secret()).contains("secret-2026-02-03");
    assertThat(config.warmStart()).contains("out/2026-02-03/first");
    assertThat(config.settings().network().wiring())
        .isInstanceOfSatisfying(
            Wiring.InFiles.class,
            files -> assertThat(files.paths()).containsValue("2026-02-03.csv"));
  }

  @Test
  void theDateStandsInASchedule() {
    String schedule =
        "network={topology=edges, schedule=[{path=\"a.csv\",ticks=1},{path=\"{date}\",ticks=2}]}";
    assertThat(Sample.load(GIVEN, Sample.MINIMAL, schedule).config().settings().network().wiring())
        .isInstanceOfSatisfying(
            Wiring.InFiles.class,
            files ->
                assertThat(files.paths())
                    .isEqualTo(
                        Map.of(
                            "network.schedule[0].path", "a.csv",
                            "network.schedule[1].path", "2026-02-03")));
  }

  @ParameterizedTest
  @CsvSource({"'', 2026-11-27", "Europe/Berlin, 2026-11-28", "-12:00, 2026-11-27"})
  void withoutADateItIsTodayInTheZone(String zone, String day) {
    RunConfig config =
        Sample.load(TODAY, Sample.MINIMAL, "zone=" + zone, "output.path=out/{date}").config();
    assertThat(config.output().path()).isEqualTo("out/" + day);
    assertThat(TODAY.day(config.zone())).isEqualTo(LocalDate.parse(day));
  }

  @Test
  void whatIsWrittenHoldsTheDateAndNoWord() throws JsonProcessingException {
    String[] night = {"zone=Europe/Berlin", "output.path=out/{date}", "stop.deadline=06:30"};
    RunConfig config = Sample.load(GIVEN, Sample.MINIMAL, night).config();
    String json = new ObjectMapper().writeValueAsString(config.toMap());
    assertThat(json).contains("out/2026-02-03", "\"06:30\"").doesNotContain("{date}");
    assertThat(Sample.load(TODAY, json).config()).isEqualTo(config);
  }

  @Test
  void aDateThatIsNotUsedIsWarnedOf() {
    assertThat(Sample.load(GIVEN, Sample.MINIMAL).warnings())
        .containsExactly("--date is 2026-02-03, and no path holds {date}.");
    for (String used : new String[] {"output.path={date}", "warm-start=out/{previous}"}) {
      assertThat(Sample.load(GIVEN, Sample.MINIMAL, used).warnings()).isEmpty();
    }
    assertThat(Sample.load(TODAY, Sample.MINIMAL).warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"28.11.2026", "2026-02-30", "yesterday", ""})
  void whatIsNoDateIsRefused(String date) {
    assertThatThrownBy(() -> Dates.of(START, date))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--date is '" + date + "'; it must be a date such as 2026-11-28.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "in/{a,b}/*.csv",
        "in/{2026,2027}-*",
        "in/[ab]{,.gz}",
        "in/{}",
        "in/{1}",
        "in/${date}"
      })
  void globsStay(String path) {
    assertThat(Sample.load(GIVEN, Sample.MINIMAL, "data.path=" + path).config().data().path())
        .isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "06:30 Europe/Berlin, '', PT6H",
    "6:30  Europe/Berlin, Pacific/Auckland, PT6H",
    "06:30, Europe/Berlin, PT6H",
    "00:30:01 Europe/Berlin, '', PT1S",
    "00:30 Europe/Berlin, '', PT24H",
    "00:29 Europe/Berlin, '', PT23H59M",
    "23:31 UTC, '', PT1M",
    "01:00 +01:00, '', PT30M",
    "90m, Europe/Berlin, PT90M"
  })
  void aDeadlineIsTheNextTimeThatTheClockShows(String deadline, String zone, String left) {
    RunConfig config =
        Sample.load(TODAY, Sample.MINIMAL, "stop.deadline=" + deadline, "zone=" + zone).config();
    assertThat(config.settings().stop().deadline()).isEqualTo(Duration.parse(left));
    assertThat(config.timeOfDay())
        .isEqualTo(Optional.of(deadline).filter(text -> text.contains(":")));
    assertThat(config.toMap().get("stop"))
        .isInstanceOfSatisfying(
            Map.class, stop -> assertThat(stop.get("deadline")).isEqualTo(deadline));
  }

  /** In 2026 Berlin's clocks are put forward on March 29 at 2, and back on October 25 at 3. */
  @ParameterizedTest
  @CsvSource({
    "2026-03-28T21:00:00Z, 06:30, PT7H30M", // a night that is an hour shorter
    "2026-10-24T20:00:00Z, 06:30, PT9H30M", // one that is an hour longer
    "2026-03-29T00:30:00Z, 02:30, PT30M", // skipped: when the clock is put forward
    "2026-03-29T01:10:00Z, 02:30, PT23H20M",
    "2026-10-25T00:00:00Z, 02:30, PT30M", // shown twice: the first time,
    "2026-10-25T00:45:00Z, 02:30, PT45M", // the second,
    "2026-10-25T01:45:00Z, 02:30, PT23H45M" // and the next day
  })
  void daysHave23And25Hours(String start, String time, String left) {
    assertThat(Dates.until(LocalTime.parse(time), ZoneId.of("Europe/Berlin"), Instant.parse(start)))
        .isEqualTo(Duration.parse(left));
  }

  /** What is added to the minimal file from line 4 on, and the complaint. */
  static Stream<Arguments> lines() {
    return Stream.of(
        arguments(
            "stop.deadline = \"06:30\"",
            "x.conf:4: stop.deadline is '06:30'; say in which time zone, as in \"06:30"
                + " Europe/Berlin\", or set the key zone."),
        arguments(
            "stop.deadline = \"6:75 Europe/Berlin\"",
            "x.conf:4: stop.deadline is '6:75 Europe/Berlin'; a time of day must be one from 00:00"
                + " to 23:59."),
        arguments(
            "stop.deadline = \"06:30 Europe/Berlim\"",
            "x.conf:4: stop.deadline is '06:30 Europe/Berlim'; there is no time zone"
                + " 'Europe/Berlim'; maybe Europe/Berlin is meant."),
        arguments(
            "zone = Euorpe/Berlin",
            "x.conf:4: zone is 'Euorpe/Berlin'; there is no time zone 'Euorpe/Berlin'; maybe"
                + " Europe/Berlin is meant."),
        arguments(
            "data.path = \"in/{dat}/*.csv\"",
            "x.conf:4: data.path is 'in/{dat}/*.csv'; {dat} is not known; write {date} for the date"
                + " of the run, or leave out the braces."),
        arguments(
            "network { topology = edges, schedule = [{ path = \"{Date}.csv\", ticks = 1 }] }",
            "x.conf:4: network.schedule[0].path is '{Date}.csv'; {Date} is not known; write {date}"
                + " for the date of the run, or leave out the braces."),
        arguments(
            "data.path = \"in/{previous}.csv\"",
            "x.conf:4: data.path is 'in/{previous}.csv'; {previous} can stand in warm-start only;"
                + " write {date} for the date of the run."),
        arguments(
            "privacy { protect = rows, epsilon = 1 }, warm-start = \"out/{previous}\"",
            "x.conf:4: warm-start is 'out/{previous}'; what that run gave away is not in this one's"
                + " budget; leave warm-start out."));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void badLine(String line, String complaint) {
    assertThatThrownBy(() -> Sample.load(Sample.MINIMAL + line))
        .isInstanceOf(BadInputException.class)
        .hasMessage(complaint);
  }
}

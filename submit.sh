#!/usr/bin/env bash
# Submits Sotto to Spark: ./submit.sh [--spark-option value ...] [COMMAND] [CONF] [key=value ...]
#
# Options in front of the command go to spark-submit as they are. With SPARK_HOME set its Spark is
# used, else the one that Maven put together under jobs/target/spark. What is missing is built first.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jar=$here/jobs/target/sotto.jar
embedded=$here/jobs/target/spark
bench=$here/jobs/target/bench

usage() {
  cat <<'TEXT'
Usage: ./submit.sh [--spark-option value ...] [COMMAND] [CONF] [key=value ...]

Without a command: optimize conf/hospitals.conf, on local[*].

  ./submit.sh                                              solve the example
  ./submit.sh optimize my.conf stop.max-ticks=5000         solve a problem of yours
  ./submit.sh validate my.conf                             check it, run nothing
  ./submit.sh make-data conf/scribes.conf                  write the texts of the second example
  ./submit.sh score out/hospitals data.path=new.csv        apply a result to rows
  ./submit.sh generate out/scribes                         write a text with the model that they gave
  ./submit.sh --master 'local[2]' optimize my.conf         with options for spark-submit
  ./submit.sh --secure secret.conf optimize my.conf        ask for a secret, and encrypt (conf/spark-defaults.conf)
  ./submit.sh bench --only B1,B11 --json figures.json      measure what it costs; --help lists the figures
  source <(./submit.sh completion)                         complete commands and options in this shell
  ./submit.sh optimize --help                              about a command
  ./submit.sh --master --help                              is spark-submit's own: set SPARK_HOME

Environment: SPARK_HOME   a Spark 4.1, 4.2 (Scala 2.13) or 3.5 (Scala 2.12) to use in place of the embedded one
             SOTTO_SPARK  3.5 or 4.2: which to embed; 4.2, or what was built last, without it
             JAVA_HOME    a JDK 17
             SOTTO_TASK_LOG   the file for what Spark logs; /tmp/sotto-PID.log without it
             SOTTO_LOG        info, for one: print what Spark logs, too

TEXT
}

# Which Spark to build for: that of SPARK_HOME; else what is asked for, or was built last.
built=$(sed -n 's/^spark=//p' "$here/jobs/target/classes/sotto-build.properties" 2>/dev/null || true)
line=${SOTTO_SPARK:-${built%.*}}
if [[ -n ${SPARK_HOME:-} ]]; then
  line=4.2
  if compgen -G "$SPARK_HOME/jars/spark-core_2.12-3.5.*" >/dev/null; then line=3.5; fi
fi
case ${line:=4.2} in
  4.2) scala=2.13 profile=() ;;
  3.5) scala=2.12 profile=(-Pspark-3.5) ;;
  *)
    echo "SOTTO_SPARK is '$line'; it must be 4.2 or 3.5." >&2
    exit 2
    ;;
esac

# Builds what is missing, older than its sources (of these folders, too, if some are given), or for
# another Spark.
build() {
  local newest goals
  newest=$(find "$here/pom.xml" "$here"/{core,jobs}/pom.xml "$here"/{core,jobs}/src/main "$@" \
    -type f -newer "$jar" -print -quit 2>/dev/null || true)
  if [[ ! -f $jar || -n $newest || ( $# -gt 0 && ! -d $bench ) || $built != "$line".* ||
    ( -z ${SPARK_HOME:-} && ! -d $embedded/jars ) ]]; then
    # classes and an embedded Spark of another version would be mixed with the new ones
    goals=(package)
    [[ -z $built || ($built == "$line".* && $jar -nt $here/pom.xml) ]] || goals=(clean package)
    echo "Building Sotto (once; a minute or two where packages have to be fetched) ..." >&2
    (cd "$here" && mvn -q -B -ntp "${profile[@]}" -DskipTests "${goals[@]}") >&2
    touch "$jar"
  fi
}

# Adds what has Spark ask each process for a secret, and encrypt what it sends and spills. The secret
# comes from a properties file, since other users of this machine can see a command line.
secure() {
  if ! grep -qs '^spark\.authenticate\.secret[ =]' "$1"; then
    echo "--secure wants a properties file with a line 'spark.authenticate.secret SECRET', not '$1'; see conf/spark-defaults.conf." >&2
    exit 2
  fi
  if [[ $(stat -Lc %a "$1") != ?00 ]]; then
    echo "$1 holds a secret, and others may read it; run: chmod 600 $1" >&2
    exit 2
  fi
  options+=(--properties-file "$1" --load-spark-defaults)
  options+=(--conf spark.authenticate=true --conf spark.network.crypto.enabled=true)
  options+=(--conf spark.network.crypto.saslFallback=false)
  [[ $line == 3.5 ]] || options+=(--conf spark.network.crypto.cipher=AES/GCM/NoPadding)
  options+=(--conf spark.io.encryption.enabled=true)
}

# Where spark-submit's options end and the command begins: options take a value, but for the flags.
options=()
while (($#)); do
  case $1 in
    -h | --help)
      build
      usage
      set -- --help
      break
      ;;
    --supervise | --verbose | -v | --version | --load-spark-defaults) options+=("$1") && shift ;;
    --secure)
      secure "${2:-}"
      shift 2
      ;;
    --*=*) options+=("$1") && shift ;;
    -c | --*)
      if (($# < 2)); then
        echo "$1 wants a value; ./submit.sh --help shows the usage." >&2
        exit 2
      fi
      options+=("$1" "$2")
      shift 2
      ;;
    *) break ;;
  esac
done
if (($# == 0)); then
  set -- optimize "$here/conf/hospitals.conf"
  cd "$here"
fi
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# Figures are measured in JVMs of their own: of spark-submit's options only settings reach them.
if [[ $1 == bench ]]; then
  shift
  settings=()
  for ((i = 0; i < ${#options[@]}; i++)); do
    case ${options[i]} in
      -c | --conf) settings+=("-D${options[++i]}") ;;
      --conf=*) settings+=("-D${options[i]#--conf=}") ;;
      *)
        echo "bench takes --conf of spark-submit's options, not ${options[i]}." >&2
        exit 2
        ;;
    esac
  done
  build "$here/jobs/src/test/java/io/sotto/bench"
  conf=${SPARK_CONF_DIR:-${SPARK_HOME:-$here}/conf}
  export SOTTO_HOME=$here SPARK_HOME=${SPARK_HOME:-$embedded} SPARK_SCALA_VERSION=$scala
  classes=("$here"/jobs/target/sotto-jobs-*.jar) # without libraries: those in $jar have other names
  exec "$java" -Xmx256m -XX:+UseTransparentHugePages "${settings[@]}" -cp "$conf:$SPARK_HOME/jars/*:${classes[0]}:$bench/*" \
    io.sotto.bench.Bench "$@"
fi
build

# what Spark logs goes to a file of this run (conf/log4j2.properties), and so does what nobody foresaw
export SOTTO_TASK_LOG=${SOTTO_TASK_LOG:-${TMPDIR:-/tmp}/sotto-$$.log}

# On JDK 17 a driver needs the options that Spark's launcher gives to it. That of a standalone cluster
# does not have them from Spark 3.5, but has the environment of spark-submit.
if [[ $line == 3.5 && -n ${SPARK_HOME:-} && " ${options[*]}" =~ (deploy-mode|deployMode)[\ =]cluster ]]; then
  opens=$(SPARK_SCALA_VERSION=$scala "$java" -Xmx128m -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \
    org.apache.spark.deploy.SparkSubmit --class none none | tr '\0' '\n' | grep '^--add-opens' | paste -sd' ')
  export JDK_JAVA_OPTIONS="${JDK_JAVA_OPTIONS:-} $opens"
fi

arguments=(--class io.sotto.cli.Main "${options[@]}" "$jar" "$@")
if [[ -n ${SPARK_HOME:-} ]]; then
  exec "$SPARK_HOME/bin/spark-submit" "${arguments[@]}"
fi

# The embedded Spark has no bin/: this is what its spark-submit does. The launcher works out the
# java command (memory, options, properties files), ends each word of it with a NUL, and the last
# word is its exit code.
export SPARK_HOME=$embedded SPARK_SCALA_VERSION=$scala SPARK_CONF_DIR=${SPARK_CONF_DIR:-$here/conf}
command=()
while IFS= read -r -d '' word; do
  command+=("$word")
done < <("$java" -Xmx128m -cp "$embedded/jars/*" org.apache.spark.launcher.Main \
  org.apache.spark.deploy.SparkSubmit "${arguments[@]}" && printf '0\0' || printf '1\0')
last=$((${#command[@]} - 1))
if [[ ${command[$last]} != 0 ]]; then
  exit 2
fi
unset "command[$last]"
# in front of the command stand messages, if there are any, a NUL and a line's end
[[ -z ${command[0]} ]] || echo "${command[0]}" >&2
command=("${command[@]:1}")
command[0]=${command[0]#$'\n'}
exec "${command[@]}"

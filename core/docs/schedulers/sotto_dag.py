"""Airflow: one run of Sotto each night, for the date of the night."""

import pendulum
from airflow import DAG
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

with DAG(
    "sotto",
    schedule="30 0 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Berlin"),
    catchup=False,
    max_active_runs=1,
):
    SparkSubmitOperator(
        task_id="optimize",
        conn_id="spark_default",
        application="/opt/sotto/jobs/target/sotto.jar",
        java_class="io.sotto.cli.Main",
        # a day that is run again later still is that day
        application_args=["optimize", "/etc/sotto/night.conf", "--date", "{{ ds }}"],
        conf={"spark.driver.memory": "4g", "spark.executor.memory": "8g"},
        # Airflow cannot tell exit codes of spark-submit apart; a retry of what is done ends at once
        retries=2,
        retry_delay=pendulum.duration(minutes=5),
    )

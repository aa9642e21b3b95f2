"""Just enough of Airflow to run the callables of a DAG one after the other, where Airflow is not installed."""

"""The names of a deployment's tables, as its CDK app wrote them to SSM: a server needs to know its prefix only."""

from collections.abc import Iterable

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from datastore.errors import StartFailed
from datastore.tables import TABLES, Table


def read_table_names(client: BaseClient, prefix: str, tables: Iterable[Table] = TABLES) -> dict[str, str]:
    """Declared name -> the name of the deployed table. Raises StartFailed, with what to do about it."""
    wanted = {table.name_parameter(prefix): table.name for table in tables}
    try:
        answer = client.get_parameters(Names=list(wanted))  # ten at most, in one call
    except (BotoCoreError, ClientError) as error:
        raise StartFailed(f"can't read the tables' names from SSM: {error}. KV_SSM_PREFIX is {prefix}.") from error
    if missing := answer["InvalidParameters"]:
        raise StartFailed(
            f"SSM has no parameter {', '.join(sorted(missing))}: deploy the tables first,"
            " or set KV_SSM_PREFIX to what the deployment put out as SsmPrefix."
        )
    return {wanted[parameter["Name"]]: parameter["Value"] for parameter in answer["Parameters"]}

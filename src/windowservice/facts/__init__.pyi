from windowservice.facts.requests.event import event as event
from windowservice.facts.requests.request import request as request

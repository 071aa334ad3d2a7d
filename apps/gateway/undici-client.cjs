// What the gateway uses of undici, for the artefact: all of it, with fetch, WebSocket and caches, costs 50 ms at start.
const Agent = require('undici/lib/dispatcher/agent.js');
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
const request = require('undici/lib/api/api-request.js');

Dispatcher.prototype.request = request;
exports.Agent = Agent;

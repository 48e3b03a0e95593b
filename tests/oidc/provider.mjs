// A certified OpenID Connect provider on a free loopback port; prints its issuer, and ends with its standard input.
// Argument: {"port", "clients", "jwks", "lifetimes"}. The name that somebody signs in with is all that is known of them:
// alice -> alice@example.com, verified; an account that begins with "unverified" has an address that is not.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { port, clients, jwks, emailInIdToken } = JSON.parse(process.argv[2]);
const server = createServer();
await new Promise((listening) => server.listen(port, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const claims = (sub) => ({
  sub,
  email: `${sub.replace(/^unverified-/, "")}@example.com`,
  email_verified: !sub.startsWith("unverified"),
});

const provider = new Provider(issuer, {
  clients,
  jwks,
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  conformIdTokenClaims: !emailInIdToken, // whether the email is told at the userinfo endpoint only
  cookies: { keys: ["of a test"] },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => claims(sub) }),
  features: {
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        audience: resource,
        scope: "",
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "RS256" } },
      }),
      useGrantedResource: () => true,
    },
  },
});
server.on("request", provider.callback());
console.log(issuer);
process.stdin.on("end", () => process.exit(0)).resume();

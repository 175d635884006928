import { suspendedBefore, testRoutes } from './contract.ts';
import { createFakeRoutes } from './fake-routes.ts';

testRoutes('the fake', async () => {
  const routes = createFakeRoutes();
  return {
    routes,
    targets: [
      { kind: 'tcp', host: '10.4.0.7', port: 8080 },
      { kind: 'unix', instance: 'k3f9a2', port: 8080 },
      { kind: 'unix', instance: 'k3f9a2', port: 3000 },
    ],
    suspended: async () => suspendedBefore(routes),
    async ask(workspace, port, page) {
      const route = routes.find(workspace, port);
      if (route === null) return null;
      return {
        target: route.target,
        path: route.stripPrefix ? `/${page}` : `/workspace/${workspace}/port/${port}/${page}`,
      };
    },
  };
});

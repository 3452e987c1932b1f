/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.DenseProducts;
import org.espalier.backend.ImageOps;
import org.espalier.backend.LossOps;
import org.espalier.backend.RowOps;
import org.espalier.backend.SparseProducts;
import org.espalier.backend.TopologyOps;
import org.espalier.backend.UpdateOps;

/** Wraps a backend so that a test sees, or changes, every call of an operation. */
final class InterceptedBackend {

  static final List<Class<?>> FAMILIES =
      List.of(
          SparseProducts.class,
          DenseProducts.class,
          RowOps.class,
          ImageOps.class,
          LossOps.class,
          UpdateOps.class,
          TopologyOps.class);

  /** A call that can be let through, with the same or with other arguments. */
  interface Call {

    Method method();

    Object[] arguments();

    Object proceed(Object... arguments);
  }

  /** What is done instead of a call. */
  interface Interceptor {

    Object intercept(Call call);
  }

  private record Real(Object target, Method method, Object[] arguments) implements Call {

    @Override
    public Object proceed(Object... changed) {
      try {
        return method.invoke(target, changed);
      } catch (InvocationTargetException failure) {
        if (failure.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw new IllegalStateException(failure);
      } catch (IllegalAccessException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }

  private InterceptedBackend() {}

  static Backend of(Backend backend, Interceptor interceptor) {
    return proxy(
        Backend.class,
        backend,
        call -> {
          Object result = call.proceed(call.arguments());
          Class<?> type = call.method().getReturnType();
          return FAMILIES.contains(type) ? proxy(type, result, interceptor) : result;
        });
  }

  private static <T> T proxy(Class<T> type, Object target, Interceptor interceptor) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object[] given = arguments == null ? new Object[0] : arguments;
              // the implementing classes are not public, their interfaces are
              return interceptor.intercept(new Real(target, method, given));
            }));
  }
}
